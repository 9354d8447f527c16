/** What the question about a shell's changes says, and the names it takes. */
import { expect, test } from 'vitest';
import {
  changesText,
  nameProblem,
  patchProblem,
  patchText,
} from '../../../src-renderer/shell/closing-words.ts';

test('changes are counted by kind', () => {
  expect(changesText({ added: 2, modified: 0, removed: 1 })).toBe(
    'Files and directories: 2 added, 1 removed.',
  );
  expect(changesText({ added: 0, modified: 1, removed: 0 })).toBe(
    'One file or directory: 1 modified.',
  );
});

test('a patch says what it holds and what it leaves out', () => {
  const counts = { added: 3, modified: 1, removed: 0 };
  expect(patchText({ ...counts, inSources: 1 })).toBe(
    'One file of the sources, as a diff beside the derivation. 3 files elsewhere are left out.',
  );
  expect(patchText({ ...counts, inSources: 4 })).toBe(
    '4 files of the sources, as a diff beside the derivation.',
  );
  expect(patchText({ ...counts, inSources: 0 })).toMatch(/^None of the changes is in the sources/);
});

test.each(['fixed', 'with-libdir', 'a.b-c_1', ' trimmed '])(
  'a snapshot may be named %s',
  (name) => {
    expect(nameProblem(name)).toBeNull();
  },
);

test.each(['', ' ', '-a', '1a', 'a b', 'a/b', '../a', 'last'])(
  'a snapshot may not be named "%s"',
  (name) => {
    expect(nameProblem(name)).not.toBeNull();
  },
);

test.each(['fix.patch', 'a b.diff'])('a patch may be called %s', (file) => {
  expect(patchProblem(file)).toBeNull();
});

test.each(['', 'fix', '../fix.patch', 'a/b.patch', '.patch'])(
  'a patch may not be called "%s"',
  (file) => {
    expect(patchProblem(file)).not.toBeNull();
  },
);
