// Two traces side by side: what processes looked for on one side alone, or found elsewhere.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { compareLibraries, type LibraryDifference } from '../../../src-main/trace/comparison.ts';
import type { Lookup, SearchedDirectory, TracedProcess } from '../../../src-main/trace/lookups.ts';
import { isRecorded, read, reason, recorded, VERSIONS, type Version } from './ld-debug/recorded.ts';

const HASH = 'a'.repeat(32);
const OTHER_HASH = 'b'.repeat(32);

const runpath = (directory: string): SearchedDirectory => ({
  directory,
  origin: 'RUNPATH',
  from: './prog',
});
const variable = (directory: string): SearchedDirectory => ({
  directory,
  origin: 'LD_LIBRARY_PATH',
  from: null,
});

function lookup(library: string, found: string | null, searched: SearchedDirectory[]): Lookup {
  const tried = searched.map(({ directory }) => {
    const path = `${directory}/${library}`;
    return { path, outcome: path === found ? ('found' as const) : ('missing' as const) };
  });
  return { library, requestedBy: './prog', kind: 'startup', found, searched, tried };
}

function traced(lookups: readonly Lookup[], parts: Partial<TracedProcess> = {}): TracedProcess {
  return {
    pid: 1,
    program: './prog',
    parent: null,
    phase: null,
    lookups,
    errors: [],
    initialisers: [],
    ...parts,
  };
}

const LIBC = lookup('libc.so.6', '/lib/libc.so.6', [runpath('/lib')]);

/** What is different, in few words. */
const told = (difference: LibraryDifference): string =>
  'error' in difference
    ? `${difference.kind} ${difference.error.text}`
    : `${difference.kind} ${difference.library}`;

const differences = (left: readonly Lookup[], right: readonly Lookup[]): readonly string[] =>
  compareLibraries([traced(left)], [traced(right)]).differences.map(told);

describe('a pair of processes', () => {
  test('that did the same is counted', () => {
    assert.deepStrictEqual(compareLibraries([traced([LIBC])], [traced([LIBC], { pid: 9 })]), {
      differences: [],
      more: 0,
      lone: [],
      same: { processes: 1, lookups: 1 },
    });
  });

  test('shows both search paths of what only one of them found', () => {
    const [left, right] = [
      lookup('libx.so', null, [runpath('/a'), runpath('/c')]),
      lookup('libx.so', '/b/libx.so', [runpath('/a'), runpath('/b')]),
    ];
    const { differences: all, same } = compareLibraries(
      [traced([left, LIBC])],
      [traced([right, LIBC])],
    );
    const place = (directory: string, outcome: 'found' | 'missing') => ({
      ...runpath(directory),
      outcome,
      variants: 0,
    });
    assert.deepStrictEqual(all, [
      {
        kind: 'found-right',
        library: 'libx.so',
        program: './prog',
        phase: null,
        processes: 1,
        left: { found: null, through: null, requestedBy: './prog' },
        right: { found: '/b/libx.so', through: runpath('/b'), requestedBy: './prog' },
        search: [
          { left: place('/a', 'missing'), right: place('/a', 'missing') },
          { left: place('/c', 'missing'), right: null },
          { left: null, right: place('/b', 'found') },
        ],
      },
    ]);
    assert.deepStrictEqual(same, { processes: 0, lookups: 1 });
  });

  test('the first difference of the left trace comes first, and what only the right has after what it follows', () => {
    const [a, b] = [lookup('liba.so', '/a/liba.so', []), lookup('libb.so', '/b/libb.so', [])];
    const moved = lookup('libb.so', '/c/libb.so', []);
    const z = lookup('libz.so', '/z/libz.so', []);
    assert.deepStrictEqual(differences([a, b, LIBC], [LIBC, z, moved]), [
      'only-left liba.so',
      'elsewhere libb.so',
      'only-right libz.so',
    ]);
  });

  test('another build of the same is told after everything else', () => {
    const at = (hash: string) => lookup('libz.so', `/nix/store/${hash}-zlib/lib/libz.so`, []);
    const [a, b] = [lookup('libm.so', '/a/libm.so', []), lookup('libm.so', null, [])];
    assert.deepStrictEqual(differences([at(HASH), a], [at(OTHER_HASH), b]), [
      'found-left libm.so',
      'other-build libz.so',
    ]);
  });

  test('the same file through another part of the search path', () => {
    const through = (directory: SearchedDirectory) => lookup('libx.so', '/a/libx.so', [directory]);
    assert.deepStrictEqual(differences([through(runpath('/a'))], [through(variable('/a'))]), [
      'other-origin libx.so',
    ]);
  });

  test('found by neither, which counts as a difference where the paths differ', () => {
    const vain = (directory: string) => lookup('libx.so', null, [runpath(directory)]);
    assert.deepStrictEqual(differences([vain('/a')], [vain('/b')]), ['other-search libx.so']);
    assert.deepStrictEqual(differences([vain('/a')], [vain('/a')]), []);
  });

  test('no path differs by the directories for processors: each glibc has its own', () => {
    const vain = (...directories: readonly string[]) =>
      lookup('libx.so', null, directories.map(runpath));
    assert.deepStrictEqual(
      differences([vain('/a/tls', '/a')], [vain('/a/glibc-hwcaps/x86-64-v3', '/a')]),
      [],
    );
  });

  test('another asker is no difference: who needs a library first looks for it', () => {
    assert.deepStrictEqual(differences([LIBC], [{ ...LIBC, requestedBy: '/lib/libm.so' }]), []);
  });

  test('what went wrong on one side', () => {
    const failed = { library: 'libx.so', text: 'cannot open', fatal: true };
    const { differences: all } = compareLibraries(
      [traced([LIBC], { errors: [failed] })],
      [traced([LIBC])],
    );
    assert.deepStrictEqual(all.map(told), ['error-left cannot open']);
  });
});

describe('many processes', () => {
  test('are put side by side by what they did, whatever their order and their scratch names', () => {
    const x = lookup('libx.so', '/x/libx.so', []);
    const conftest = (name: string, lookups: readonly Lookup[]) =>
      traced(lookups, { program: `/build/cc${name}.out` });
    const { differences: all, same } = compareLibraries(
      [conftest('abcdef', [LIBC]), conftest('ABCDEF', [LIBC, x])],
      [conftest('012345', [LIBC, x]), conftest('6789ab', [LIBC])],
    );
    assert.deepStrictEqual([all, same], [[], { processes: 2, lookups: 3 }]);
  });

  test('one difference that all of them have is listed once', () => {
    const many = (found: string) =>
      Array.from({ length: 5 }, (_, pid) => traced([lookup('libx.so', found, [])], { pid }));
    const { differences: all } = compareLibraries(many('/a/libx.so'), many('/b/libx.so'));
    assert.deepStrictEqual(
      all.map((one) => [told(one), one.processes]),
      [['elsewhere libx.so', 5]],
    );
  });

  test('those of two phases that share none are compared, and those of phases in common stay in them', () => {
    const left = [traced([LIBC], { phase: 'buildPhase' })];
    const right = [traced([LIBC], { phase: 'checkPhase' })];
    assert.deepStrictEqual(compareLibraries(left, right).lone, []);
    assert.deepStrictEqual(compareLibraries([...left, ...right], right).lone, [
      { side: 'left', program: './prog', phase: 'buildPhase', processes: 1 },
    ]);
  });
});

describe.skipIf(!isRecorded)(`recordings of several glibc${reason}`, () => {
  const processes = (version: Version, name: string) =>
    recorded(version, name).flatMap((text) => read(text).processes);
  const recordedDifferences = (left: readonly TracedProcess[], right: readonly TracedProcess[]) => {
    const { differences: all, lone } = compareLibraries(left, right);
    return [...all.map(told), ...lone.map(({ side, program }) => `${side} ${program}`)];
  };

  test.each(VERSIONS)('%s: a library that one of two programs loads by dlopen', (version) => {
    assert.deepStrictEqual(
      recordedDifferences(processes(version, 'dlopen-ok'), processes(version, 'dlopen-missing')),
      ['only-right libnope.so.7', 'only-left libz.so.1'],
    );
  });

  test.each(VERSIONS)('%s: the same libraries through RPATH and RUNPATH', (version) => {
    assert.deepStrictEqual(
      recordedDifferences(processes(version, 'rpath'), processes(version, 'runpath')),
      ['other-origin libb.so'],
    );
  });

  test.each(VERSIONS)('%s: a library that is not there', (version) => {
    assert.deepStrictEqual(
      recordedDifferences(processes(version, 'runpath'), processes(version, 'missing')),
      // The program ends before it is asked for the rest.
      ['found-left libb.so', 'only-left libc.so.6', 'only-left liba.so'],
    );
  });

  test('a shell of glibc 2.41 and one of 2.43', () => {
    assert.deepStrictEqual(
      recordedDifferences(processes('2.41', 'shell'), processes('2.43', 'shell')),
      [
        'elsewhere libc.so.6',
        'elsewhere libselinux.so.1',
        'only-left libcap.so.2',
        'elsewhere libpcre2-8.so.0',
      ],
    );
  });
});

const directory = fc.constantFrom('/a', '/b', `/nix/store/${HASH}-x/lib`);
const anyLookup = fc
  .tuple(
    fc.constantFrom('liba.so', 'libb.so', 'libc.so'),
    fc.option(directory),
    fc.array(directory, { maxLength: 4 }),
    fc.constantFrom('./prog', '/a/liba.so', null),
  )
  .map(([library, found, directories, requestedBy]) => ({
    ...lookup(library, found === null ? null : `${found}/${library}`, directories.map(runpath)),
    requestedBy,
  }));
const anyTrace = fc.array(
  fc
    .tuple(
      fc.array(anyLookup, { maxLength: 5 }),
      fc.constantFrom('./prog', '/bin/sh', null),
      fc.constantFrom('buildPhase', 'checkPhase', null),
    )
    .map(([lookups, program, phase]) => traced(lookups, { program, phase })),
  { maxLength: 6 },
);

test('a trace does not differ from itself', () => {
  fc.assert(
    fc.property(anyTrace, (processes) => {
      assert.deepStrictEqual(compareLibraries(processes, structuredClone(processes)), {
        differences: [],
        more: 0,
        lone: [],
        same: {
          processes: processes.length,
          lookups: processes.reduce((sum, { lookups }) => sum + lookups.length, 0),
        },
      });
    }),
  );
});

test('as much is alike whichever of the two is on the left, and every process is somewhere', () => {
  fc.assert(
    fc.property(anyTrace, anyTrace, (one, other) => {
      const [there, back] = [compareLibraries(one, other), compareLibraries(other, one)];
      assert.deepStrictEqual(back.same.processes, there.same.processes);
      const alone = (side: 'left' | 'right', { lone }: typeof there) =>
        lone.filter((part) => part.side === side).reduce((sum, part) => sum + part.processes, 0);
      assert.deepStrictEqual(
        [alone('left', back), alone('right', back)],
        [alone('right', there), alone('left', there)],
      );
      assert.deepStrictEqual(
        one.length - alone('left', there),
        other.length - alone('right', there),
      );
    }),
  );
});
