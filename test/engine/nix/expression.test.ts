import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { nixString } from '../../../src-main/nix/expression.ts';
import { NO_NIX } from './isolated-store.ts';

describe.skipIf(NO_NIX !== null)(`expressions${NO_NIX ? ` (${NO_NIX})` : ''}`, () => {
  it.each(['plain', 'a "b" \\ ${c} $d $${e}', 'two\r\nlines\rand\ttabs', 'ünïcode ✓'])(
    'have strings that are %j to Nix',
    (text) => {
      const args = ['--eval', '--strict', '--json', '--expr', nixString(text)];
      const printed = execFileSync('nix-instantiate', args, { encoding: 'utf8' });
      expect(JSON.parse(printed)).toBe(text);
    },
  );
});
