import assert from 'node:assert/strict';
import { test } from 'vitest';
import { ignoredSettings } from '../../../src-main/nix/ignored-settings.ts';
import { NOTHING_REALISED, advance } from '../../../src-main/nix/realisation-progress.ts';

const MESSAGES = [
  // Nix 2.8 and 2.15, 2.19 and later.
  "warning: ignoring untrusted substituter 'file:///srv/cache?trusted=1'",
  "warning: ignoring untrusted substituter 'https://cache.example', you are not a trusted user.\nRun `man nix.conf` for more information on the `substituters` configuration option.",
  // Before and since 2.16, and Determinate Nix.
  "warning: ignoring the user-specified setting 'sandbox', because it is a restricted setting and you are not a trusted user",
  "warning: ignoring the client-specified setting 'builders', because it is a restricted setting and you are not a trusted user",
  "warning: Ignoring the client-specified setting 'trusted-public-keys', because it is a restricted setting and you are not a trusted user",
  "warning: ignoring the client-specified setting 'builders', because it is a restricted setting and you are not a trusted user",
  "warning: ignoring the user-specified way of doing things: it's 'odd'",
];

test('what a daemon says it ignored is known in the words of all versions, each once', () => {
  assert.deepStrictEqual(ignoredSettings(MESSAGES), [
    { name: 'substituters', value: 'file:///srv/cache?trusted=1' },
    { name: 'substituters', value: 'https://cache.example' },
    { name: 'sandbox', value: null },
    { name: 'builders', value: null },
    { name: 'trusted-public-keys', value: null },
  ]);
});

test('while inputs are made present it is no error, though Nix 2.8 gives it that level', () => {
  const message = (text: string) => ({ kind: 'message', level: 0, message: text }) as const;
  const [ignored = ''] = MESSAGES;
  const told = [ignored, ignored, 'error: it failed']
    .map(message)
    .reduce(advance, NOTHING_REALISED);
  assert.deepStrictEqual(
    { errors: told.errors, ignored: told.ignored },
    {
      errors: ['error: it failed'],
      ignored: [{ name: 'substituters', value: 'file:///srv/cache?trusted=1' }],
    },
  );
});
