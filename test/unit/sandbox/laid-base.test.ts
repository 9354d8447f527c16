import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { layBase, liftBase } from '../../../src-main/sandbox/laid-base.ts';

let directory = '';
const at = (path: string): string => join(directory, path);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'strata-test-'));
  mkdirSync(at('base/etc'), { recursive: true });
  writeFileSync(at('base/etc/passwd'), 'builder');
  mkdirSync(at('tree'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

test('what was laid is lifted again', () => {
  const laid = layBase(at('base'), at('tree'));
  expect(readFileSync(at('tree/etc/passwd'), 'utf8')).toBe('builder');
  liftBase(laid);
  expect(readdirSync(at('tree'))).toStrictEqual([]);
});

test('what a build changed or added stays', () => {
  const laid = layBase(at('base'), at('tree'));
  writeFileSync(at('tree/etc/passwd'), 'another');
  writeFileSync(at('tree/etc/hosts'), '');
  liftBase(laid);
  expect(readdirSync(at('tree/etc')).toSorted()).toStrictEqual(['hosts', 'passwd']);
});

test('a link that a build put in the place of a directory leads nowhere', () => {
  const laid = layBase(at('base'), at('tree'));
  // The very file that was laid, now outside of the tree.
  renameSync(at('tree/etc'), at('outside'));
  symlinkSync('../outside', at('tree/etc'));
  liftBase(laid);
  expect(existsSync(at('outside/passwd'))).toBe(true);
  expect(readdirSync(at('tree'))).toStrictEqual(['etc']);
});
