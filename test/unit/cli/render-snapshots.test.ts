// What `strata ls`, `diff` and `gc` print, and errors, as they are read without colours.
import { describe, expect, test } from 'vitest';
import { exitStatusFor } from '../../../src-main/cli/exit-status.ts';
import { changeJson, renderChanges } from '../../../src-main/cli/render/render-changes.ts';
import { renderCollection, renderKept } from '../../../src-main/cli/render/render-collection.ts';
import { renderError } from '../../../src-main/cli/render/render-error.ts';
import { renderListing, type Listed } from '../../../src-main/cli/render/render-listing.ts';
import { PLAIN } from '../../../src-main/cli/terminal/style.ts';
import type { Change, CollectionReport, Entry } from '../../../src-main/engine/types.ts';
import { StrataError, type ErrorCode } from '../../../src-main/protocol/errors.ts';

const text = (lines: Iterable<string>): string => [...lines].join('\n');

test('snapshots, those of a run together', () => {
  const derivation = '/nix/store/7mdl0nk9zbbrasbwls7l6ynk2vwrskc4-primes-1.0.drv';
  const at = (minutes: number): string => new Date(minutes * 60_000).toISOString();
  const snapshots: readonly Listed[] = [
    {
      id: 'd000000000',
      run: 'two',
      derivation,
      phase: 'installPhase',
      status: 'kept',
      name: 'fixed',
      bytes: 5000,
      createdAt: at(59),
    },
    {
      id: 'c000000000',
      run: 'one',
      derivation,
      phase: 'installPhase',
      status: 'failed',
      name: null,
      bytes: 0,
      createdAt: at(50),
    },
    {
      id: 'b000000000',
      run: 'two',
      derivation,
      phase: 'buildPhase',
      status: 'succeeded',
      name: null,
      bytes: 2 ** 31,
      createdAt: at(10),
    },
  ];
  expect(text(renderListing(snapshots, 60 * 60_000, PLAIN, null))).toBe(
    `
primes-1.0  run two
  d000000000  ◆ installPhase  4.9 KiB  1 min ago    fixed
  b000000000  ✓ buildPhase    2.0 GiB  50 min ago

primes-1.0  run one
  c000000000  ✗ installPhase      0 B  10 min ago   failed

3 snapshots of 2 runs, 2.0 GiB`.slice(1),
  );
  const narrow = snapshots
    .slice(0, 1)
    .map((snapshot) => ({ ...snapshot, name: 'a-long-name-that-a-person-gave-it' }));
  expect(text(renderListing(narrow, 60 * 60_000, PLAIN, 80).slice(0, 3))).toBe(
    `
primes-1.0  run two
  d000000000  ◆ installPhase  4.9 KiB  1 min ago
                a-long-name-that-a-person-gave-it`.slice(1),
  );
});

const file = (size: number, mode = 0o644, content = String(size)): Entry => ({
  type: 'file',
  size,
  mode,
  content,
});
const link = (target: string): Entry => ({
  type: 'symlink',
  size: target.length,
  mode: 0o777,
  content: target,
});
const directory: Entry = { type: 'directory', size: 0, mode: 0o755, content: '' };

const changes: readonly Change[] = [
  { kind: 'added', path: '/a', entry: directory },
  { kind: 'added', path: '/a/\u001b[31m\udcff', entry: file(2048) },
  { kind: 'modified', path: '/grown', entry: file(2048), old: file(1000) },
  { kind: 'modified', path: '/link', entry: link('new'), old: link('old') },
  { kind: 'modified', path: '/mode', entry: file(10, 0o755), old: file(10) },
  { kind: 'modified', path: '/same-size', entry: file(10, 0o644, 'x'), old: file(10) },
  { kind: 'modified', path: '/type', entry: link('x'), old: file(10) },
  { kind: 'removed', path: '/gone', old: file(10) },
];

describe('changes', () => {
  test('for people', () => {
    expect(text(renderChanges(changes, PLAIN))).toBe(
      `
A /a/
A /a/\\x1b[31m\\xff  (2.0 KiB)
M /grown  (1000 B → 2.0 KiB)
M /link  (→ new)
M /mode  (mode 0644 → 0755)
M /same-size  (10 B)
M /type  (file of 10 B → symlink)
D /gone  (10 B)
2 added, 5 modified, 1 removed (+3.0 KiB)`.slice(1),
    );
    expect(text(renderChanges([], PLAIN))).toBe('no changes');
  });

  test('as JSON', () => {
    expect(
      [changes[1], changes[4], changes[7]].map((change) =>
        JSON.stringify(change && changeJson(change)),
      ),
    ).toEqual([
      String.raw`{"path":"/a/\u001b[31m\udcff","kind":"added","type":"file","size":2048,"oldSize":null,"mode":420,"oldMode":null}`,
      '{"path":"/mode","kind":"modified","type":"file","size":10,"oldSize":10,"mode":493,"oldMode":420}',
      '{"path":"/gone","kind":"removed","type":"file","size":null,"oldSize":10,"mode":null,"oldMode":420}',
    ]);
  });
});

describe('a collection', () => {
  const built = { run: 'r', status: 'succeeded', name: null } as const;
  const fixed = { id: 'c', phase: 'installPhase', run: 'r', bytes: 50, status: 'kept' } as const;
  const report: CollectionReport = {
    removed: [
      { ...built, id: 'a', phase: 'fixupPhase', bytes: 100 },
      { ...built, id: 'b', phase: 'buildPhase', bytes: 5000 },
    ],
    freedBytes: 5100,
    leftBytes: 2048,
    kept: { snapshots: [], bytes: 0 },
  };

  test('says what it freed, or would free', () => {
    expect(text(renderCollection(report, 'done', PLAIN))).toBe(
      `
removed a    100 B  fixupPhase of run r
removed b  4.9 KiB  buildPhase of run r
freed 5.0 KiB in 2 snapshots; snapshots take 2.0 KiB`.slice(1),
    );
    expect(renderCollection(report, 'would be done', PLAIN).at(-1)).toBe(
      'would free 5.0 KiB in 2 snapshots; then snapshots take 2.0 KiB',
    );
    expect(renderCollection({ ...report, removed: [], freedBytes: 0 }, 'done', PLAIN)).toEqual([
      'nothing to remove; snapshots take 2.0 KiB',
    ]);
  });

  test('names what was made by hand, where it goes and where it stays', () => {
    const removed = [
      { ...fixed, name: 'fixed' },
      { ...fixed, name: null },
    ];
    expect(renderCollection({ ...report, removed }, 'done', PLAIN).slice(0, 2)).toEqual([
      'removed c  50 B  installPhase of run r  kept as fixed',
      'removed c  50 B  installPhase of run r  made by hand',
    ]);
    const left = (...names: readonly string[]): string =>
      text(
        renderKept(
          {
            ...report,
            kept: { snapshots: names.map((name) => ({ ...fixed, name })), bytes: 1024 },
          },
          'strata',
        ),
      );
    expect(left()).toBe('');
    expect(left('fixed')).toBe(
      `
1 kept snapshot stays, 1.0 KiB with all that is needed for it: fixed
  strata gc --kept, with an age or a size, lets go of it too`.slice(1),
    );
    expect(left('a', 'b', 'c', 'd', 'e', 'f', 'g')).toBe(
      `
7 kept snapshots stay, 1.0 KiB with all that is needed for them: a, b, c, d, e and 2 more
  strata gc --kept, with an age or a size, lets go of them too`.slice(1),
    );
  });
});

describe('an error', () => {
  test('says what failed, why, and what to do in commands to copy', () => {
    const error = new StrataError({
      code: 'not-found',
      operation: 'looking for the snapshot x',
      reason: 'there is no snapshot of that id or name',
      advice: 'list them: strata ls\nfree some with strata gc, or see /etc/strata run',
    });
    expect(text(renderError(error, 'npx strata', PLAIN))).toBe(
      `
strata: looking for the snapshot x: there is no snapshot of that id or name
list them: npx strata ls
free some with npx strata gc, or see /etc/strata run`.slice(1),
    );
  });

  test("shows Nix's own words as they are, once", () => {
    const output =
      "error: undefined variable 'x'\n\n       at /a.nix:1:9:\n\n            1| x\n             | ^\n";
    const error = new StrataError({
      code: 'nix',
      operation: 'evaluating a.nix',
      reason: "undefined variable 'x'",
      output,
    });
    expect(text(renderError(error, 'strata', PLAIN))).toBe(
      `strata: evaluating a.nix:\n\n${output}`,
    );
  });

  test('has the end of the log where a dependency failed', () => {
    const log = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`).join('\n');
    const error = Object.assign(
      new StrataError({
        code: 'nix',
        operation: 'making inputs present',
        reason: 'zlib failed',
        output: log,
        advice: 'strata run z.drv',
      }),
      { derivation: 'z.drv', lines: [] },
    );
    const lines = renderError(error, 'strata', PLAIN);
    expect([...lines.slice(0, 4), ...lines.slice(-3)]).toEqual([
      'strata: making inputs present: zlib failed',
      '',
      '(15 lines before these)',
      '  line 16',
      '  line 40',
      '',
      'strata run z.drv',
    ]);
  });

  test('of our own is shown with its stack', () => {
    const lines = renderError(new TypeError('x is not a function'), 'strata', PLAIN);
    expect(lines[0]).toBe('strata: a fault in Strata itself');
    expect(lines[1]).toBe('  TypeError: x is not a function');
    expect(lines.at(-1)).toMatch(/^Please report it/);
  });

  test('has the exit status of its kind', () => {
    const codes: readonly ErrorCode[] = [
      'usage',
      'environment',
      'nix',
      'format',
      'not-found',
      'in-use',
      'cancelled',
      'build-failed',
    ];
    const status = (code: ErrorCode) =>
      exitStatusFor(new StrataError({ code, operation: 'o', reason: 'r' }));
    expect(Object.fromEntries(codes.map((code) => [code, status(code)]))).toEqual({
      usage: 2,
      environment: 2,
      nix: 2,
      format: 2,
      'not-found': 2,
      'in-use': 2,
      cancelled: 130,
      'build-failed': 1,
    });
  });
});
