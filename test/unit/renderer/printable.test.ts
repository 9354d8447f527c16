import { assert, describe, it } from 'vitest';
import { printable, printableText } from '../../../src-renderer/look/printable.ts';

describe('what is printable', () => {
  it('has everything that cannot be seen written out', () => {
    assert.strictEqual(printable('a\u202eb\n\udc80'), 'a\\u202eb\\x0a\\x80');
  });

  it('keeps the lines and tabs of a text', () => {
    assert.strictEqual(
      printableText('\tif \u2066x\u2069\n\n\techo \u{1f600}'),
      '\tif \\u2066x\\u2069\n\n\techo \u{1f600}',
    );
  });
});
