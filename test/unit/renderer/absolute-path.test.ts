import { assert, it } from 'vitest';
import { absolutePath } from '../../../src-renderer/store/absolute-path.ts';

it.each([
  ['/a/../b//c.c', '/x', '/b/c.c'],
  ['../hello/', '/work', '/hello'],
  ['./hello', '/', '/hello'],
  ['../../..', '/a', '/'],
])('%s below %s is %s', (path, directory, absolute) => {
  assert.strictEqual(absolutePath(path, directory), absolute);
});
