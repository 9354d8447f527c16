// What was recorded of real programs under glibc 2.36, 2.41 and 2.43, and what is read from it.
import assert from 'node:assert/strict';
import { describe, test } from 'vitest';
import type { Lookup } from '../../../../src-main/trace/lookups.ts';
import { VERSIONS, isRecorded, onlyProcess, outline, read, reason, recorded } from './recorded.ts';

/** In which the loader says why it refuses a file. */
const SAYS_REASONS = '2.43';

const outcomes = ({ tried }: Lookup): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { outcome } of tried) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return counts;
};
const directories = ({ searched }: Lookup): readonly string[] =>
  searched
    .filter(
      ({ directory }) => !/\/(?:glibc-hwcaps|tls|haswell|avx512_1|x86_64)(?:\/|$)/.test(directory),
    )
    .map(({ directory, origin, from }) => [origin, directory, from ?? ''].join(' ').trim());

describe.each(VERSIONS)('glibc %s', (version) => {
  const libc = `/${version === '2.43' ? 'usr/' : ''}lib/x86_64-linux-gnu/libc.so.6`;
  const refused = version === SAYS_REASONS ? 'missing' : 'unknown';
  const started = (program: string): readonly string[] => [
    `startup libb.so of ${program}: /tmp/ld/l2/libb.so`,
    `startup libc.so.6 of ${program}: ${libc}`,
    'startup liba.so of /tmp/ld/l2/libb.so: /tmp/ld/l2/../l1/liba.so',
  ];
  const initialisers = [
    '/lib64/ld-linux-x86-64.so.2',
    '/tmp/ld/l2/../l1/liba.so',
    libc,
    '/tmp/ld/l2/libb.so',
  ];

  test.skipIf(!isRecorded).each([
    ['runpath', 'RUNPATH'],
    ['rpath', 'RPATH'],
  ])(`%s, whose first directory is not there${reason}`, (name, origin) => {
    const process = onlyProcess(...recorded(version, name));
    const program = `./prog-${name}`;
    assert.deepStrictEqual(
      { ...process, pid: 0, lookups: outline(process) },
      {
        pid: 0,
        program,
        parent: null,
        phase: null,
        lookups: started(program),
        errors: [],
        initialisers,
      },
    );
    const [libb, libcLookup, liba] = process.lookups;
    assert.ok(libb !== undefined && libcLookup !== undefined && liba !== undefined);
    assert.deepStrictEqual(directories(libb), [
      `${origin} /tmp/ld/none ${program}`,
      `${origin} /tmp/ld/l2 ${program}`,
    ]);
    assert.deepStrictEqual(
      outcomes(libb),
      new Map([
        [refused, libb.searched.length - 1],
        ['found', 1],
      ]),
    );
    assert.deepStrictEqual(
      { searched: libcLookup.searched, tried: libcLookup.tried },
      {
        searched: [
          { directory: '/tmp/ld/l2', origin, from: program },
          { directory: '/etc/ld.so.cache', origin: 'cache', from: null },
        ],
        tried: [
          { path: '/tmp/ld/l2/libc.so.6', outcome: refused },
          { path: libc, outcome: 'found' },
        ],
      },
    );
    assert.deepStrictEqual(directories(liba), ['RUNPATH /tmp/ld/l2/../l1 /tmp/ld/l2/libb.so']);
  });

  test.skipIf(!isRecorded)(`a library that is nowhere${reason}`, () => {
    const process = onlyProcess(...recorded(version, 'missing'));
    assert.deepStrictEqual(outline(process), ['startup libb.so of ?: not found']);
    assert.deepStrictEqual(process.program, null);
    const [lookup] = process.lookups;
    assert.ok(lookup !== undefined);
    assert.deepStrictEqual(directories(lookup), [
      'cache /etc/ld.so.cache',
      ...['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib', '/usr/lib'].map(
        (directory) => `system ${directory}`,
      ),
    ]);
    assert.deepStrictEqual(outcomes(lookup), new Map([[refused, lookup.searched.length - 1]]));
  });

  test.skipIf(!isRecorded)(`a file that is no library breaks the search off${reason}`, () => {
    const process = onlyProcess(...recorded(version, 'ld-library-path'));
    const [lookup] = process.lookups;
    assert.ok(lookup !== undefined);
    assert.deepStrictEqual(outline(process), ['startup libb.so of ?: not found']);
    assert.deepStrictEqual(directories(lookup), [
      'LD_LIBRARY_PATH /tmp/ld/none',
      'LD_LIBRARY_PATH /tmp/ld/l3',
      'LD_LIBRARY_PATH /tmp/ld/l2',
      'LD_LIBRARY_PATH /tmp/ld/l1',
    ]);
    const last = { path: '/tmp/ld/l3/libb.so', outcome: 'refused' };
    assert.deepStrictEqual(lookup.tried.at(-1), last);
    assert.deepStrictEqual(
      outcomes(lookup),
      new Map([
        [refused, lookup.tried.length - 1],
        ['refused', 1],
      ]),
    );
  });

  test.skipIf(!isRecorded)(`a library that dlopen does not find${reason}`, () => {
    const process = onlyProcess(...recorded(version, 'dlopen-missing'));
    assert.deepStrictEqual(outline(process), [
      ...started('./prog-runpath'),
      'dlopen libnope.so.7 of ./prog-runpath: not found',
    ]);
    assert.deepStrictEqual(
      process.lookups.at(-1)?.tried.filter(({ outcome }) => outcome !== refused),
      [],
    );
  });

  test.skipIf(!isRecorded)(`a library that dlopen finds${reason}`, () => {
    const process = onlyProcess(...recorded(version, 'dlopen-ok'));
    const libz = libc.replace('libc.so.6', 'libz.so.1');
    assert.deepStrictEqual(outline(process), [
      ...started('./prog-runpath'),
      `dlopen libz.so.1 of ./prog-runpath: ${libz}`,
    ]);
    assert.deepStrictEqual(process.initialisers, [...initialisers, libz]);
  });

  test.skipIf(!isRecorded)(`LD_DEBUG=all says the same as LD_DEBUG=libs${reason}`, () => {
    const [all, libs] = ['all', 'runpath'].map((name) => {
      const { processes, notUnderstood } = read(...recorded(version, name));
      assert.deepStrictEqual(notUnderstood, { lines: 0, samples: [] });
      return processes.map((process) => ({ ...process, pid: 0 }));
    });
    assert.deepStrictEqual(all, libs);
  });

  test.skipIf(!isRecorded)(`three processes of a shell${reason}`, () => {
    const { processes } = read(...recorded(version, 'shell'));
    assert.deepStrictEqual(
      processes.map(({ program }) => program),
      ['/bin/sh', 'ls', 'grep'],
    );
    for (const process of processes) {
      const missed = process.lookups.filter(
        ({ found, kind }) => found === null || kind !== 'startup',
      );
      assert.deepStrictEqual(missed, []);
    }
    assert.deepStrictEqual(
      processes.map(({ lookups }) => lookups.find(({ library }) => library === 'libc.so.6')),
      Array(3).fill(processes[0]?.lookups[0]),
    );
  });

  test.skipIf(!isRecorded)(`with the program's own output between${reason}`, () => {
    const mixed = onlyProcess(...recorded(version, 'stderr-mixed.log'));
    const alone = onlyProcess(...recorded(version, 'dlopen-missing'));
    const error = {
      library: 'libnope.so.7',
      text: 'cannot open shared object file: No such file or directory',
      fatal: false,
    };
    assert.deepStrictEqual(mixed, { ...alone, pid: mixed.pid, errors: [error] });
  });
});
