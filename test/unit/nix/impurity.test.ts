/** What Nix's versions say of impure expressions, and what is said to the person. The texts are those of the evaluators. */
import assert from 'node:assert/strict';
import { describe, test } from 'vitest';
import { EvaluationError } from '../../../src-main/nix/evaluation-error.ts';
import {
  impurityOf,
  isAllowedByImpure,
  type Impurity,
} from '../../../src-main/protocol/impurity.ts';

const MESSAGES: readonly (readonly [message: string, impurity: Impurity])[] = [
  [
    "cannot look up '<nixpkgs>' in pure evaluation mode (use '--impure' to override)",
    { kind: 'search-path', name: 'nixpkgs' },
  ],
  ["attribute 'currentSystem' missing", { kind: 'constant', name: 'currentSystem' }],
  ["attribute 'currentTime' missing", { kind: 'constant', name: 'currentTime' }],
  [
    "access to absolute path '/etc/hostname' is forbidden in pure eval mode (use '--impure' to override)",
    { kind: 'path', path: '/etc/hostname' },
  ],
  [
    // Of a Nix that breaks the line.
    "access to absolute path '/etc' is forbidden\nin pure evaluation mode (use '--impure' to override)",
    { kind: 'path', path: '/etc' },
  ],
  ["the path '~/x' can not be resolved in pure mode", { kind: 'path', path: '~/x' }],
  [
    "in pure evaluation mode, 'fetchTarball' requires a 'sha256' argument",
    { kind: 'fetch', by: 'fetchTarball', lacks: 'hash' },
  ],
  [
    "in pure evaluation mode, 'fetchTree' requires a locked input",
    { kind: 'fetch', by: 'fetchTree', lacks: 'revision' },
  ],
  [
    "in pure evaluation mode, 'fetchGit' will not fetch unlocked input 'git+https://example.org/a'",
    { kind: 'fetch', by: 'fetchGit', lacks: 'revision' },
  ],
  [
    "in pure evaluation mode, 'fetchGit' doesn't fetch unlocked input 'git+https://example.org/a'",
    { kind: 'fetch', by: 'fetchGit', lacks: 'revision' },
  ],
  [
    "in pure evaluation mode, 'fetchMercurial' requires a Mercurial revision",
    { kind: 'fetch', by: 'fetchMercurial', lacks: 'revision' },
  ],
  [
    "cannot call 'getFlake' on unlocked flake reference 'nixpkgs', at /nix/store/x-source/flake.nix:1:86 (use --impure to override)",
    { kind: 'reference', reference: 'nixpkgs' },
  ],
  ["'builtins.storePath' is not allowed in pure evaluation mode", { kind: 'store-path' }],
  [
    "getting status of '/nix/store/3gcavzbmac00gj36r741cz71lj3lv4bp-source/lib/new.nix': No such file or directory",
    { kind: 'unknown-file', file: 'lib/new.nix' },
  ],
  [
    "path '/nix/store/3gcavzbmac00gj36r741cz71lj3lv4bp-source/new.nix' does not exist",
    { kind: 'unknown-file', file: 'new.nix' },
  ],
  [
    'Path \'new.nix\' in the repository "/home/me/flake" is not tracked by Git.\n\nTo make it visible to Nix, run:',
    { kind: 'unknown-file', file: 'new.nix' },
  ],
];

describe('an impure expression', () => {
  test.each(MESSAGES)('is known by: %s', (message, impurity) => {
    assert.deepStrictEqual(impurityOf(message), impurity);
  });

  test('is not every error of an evaluation', () => {
    const others = [
      "attribute 'y' missing",
      "undefined variable 'currentSystem'",
      "file 'nixpkgs' was not found in the Nix search path (add it using $NIX_PATH or -I)",
      "access to absolute path '/etc' is forbidden in restricted mode",
      "getting status of '/home/me/new.nix': No such file or directory",
      '',
    ];
    assert.deepStrictEqual(
      others.map(impurityOf),
      others.map(() => null),
    );
  });

  test('passes with --impure, unless it is a file that is not there', () => {
    const refused = MESSAGES.filter(([, impurity]) => !isAllowedByImpure(impurity));
    assert.deepStrictEqual([...new Set(refused.map(([, { kind }]) => kind))], ['unknown-file']);
  });

  test('has its fix in the advice of the error, and other errors have none', () => {
    const { reason, advice } = new EvaluationError(
      'evaluating .#a',
      "error: cannot look up '<home-manager/lib>' in pure evaluation mode (use '--impure' to override)\n\n       at /a/flake.nix:1:2:\n",
    );
    assert.equal(
      reason,
      "cannot look up '<home-manager/lib>' in pure evaluation mode (use '--impure' to override)",
    );
    assert.deepStrictEqual(advice?.split('\n'), [
      '<home-manager/lib> is looked up in NIX_PATH, which is another on each machine.',
      'make it an input of the flake: inputs.home-manager.url = "…"; and take home-manager as an argument of outputs',
      'or let the evaluation depend on this machine: --impure',
    ]);
    assert.equal(new EvaluationError('evaluating a', 'error: boom\n').advice, undefined);
  });
});
