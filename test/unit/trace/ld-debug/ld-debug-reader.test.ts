// What ld.so's words mean: what was recorded holds not all of it.
import assert from 'node:assert/strict';
import { describe, test } from 'vitest';
import { ldDebug, onlyProcess, outline, read } from './recorded.ts';

const START = `
find library=libc.so.6 [0]; searching
 search cache=/etc/ld.so.cache
  trying file=/lib/libc.so.6


calling init: /lib/libc.so.6


initialize program: sh


transferring control: sh
`;
const EXEC_LS = START.replace(/sh$/gm, 'ls').replace(
  '\nfind',
  `
find library=libselinux.so.1 [0]; searching
 search cache=/etc/ld.so.cache
  trying file=/lib/libselinux.so.1

find`,
);

describe('a process that calls exec', () => {
  test('is one for each program, of the same id and in their order', () => {
    const { processes } = read(ldDebug(7, START), ldDebug(8, START), ldDebug(7, EXEC_LS));
    assert.deepStrictEqual(
      processes.map((process) => [process.pid, process.program, ...outline(process)]),
      [
        [7, 'sh', 'startup libc.so.6 of ?: /lib/libc.so.6'],
        [8, 'sh', 'startup libc.so.6 of ?: /lib/libc.so.6'],
        [
          7,
          'ls',
          'startup libselinux.so.1 of ?: /lib/libselinux.so.1',
          'startup libc.so.6 of ?: /lib/libc.so.6',
        ],
      ],
    );
    // What is equal is held once.
    assert.equal(processes[0]?.lookups, processes[1]?.lookups);
  });

  test('is known by its initialisers where it needs no library of the one before', () => {
    const other = START.replaceAll('/lib/libc.so.6', '/other/libc.so.6').replaceAll(
      'library=libc.so.6',
      'library=libc.so.7',
    );
    const { processes } = read(ldDebug(7, START + other));
    assert.deepStrictEqual(processes.map(outline), [
      ['startup libc.so.6 of ?: /lib/libc.so.6'],
      ['startup libc.so.7 of ?: /other/libc.so.6'],
    ]);
  });
});

test('a program that is started by its path, after a library that was not found by its', () => {
  const opened = 'file=/x.so [0];  dynamically loaded by sh [0]\n';
  const runpath = EXEC_LS.replace(
    ' search cache',
    ' search path=/a\t\t(RUNPATH from file /bin/ls)\n  trying file=/a/libselinux.so.1\n search cache',
  );
  const { processes } = read(ldDebug(7, `${START}\n${opened}${runpath.slice(1)}`));
  assert.deepStrictEqual(processes.map(outline), [
    ['startup libc.so.6 of ?: /lib/libc.so.6', 'dlopen /x.so of sh: not found'],
    [
      'startup libselinux.so.1 of /bin/ls: /lib/libselinux.so.1',
      'startup libc.so.6 of ?: /lib/libc.so.6',
    ],
  ]);
});

test('a fork that looks for nothing is left out', () => {
  const { processes } = read(ldDebug(7, START), ldDebug(8, '\ncalling fini:  [0]\n'));
  assert.deepStrictEqual(
    processes.map(({ pid }) => pid),
    [7],
  );
});

test('a process that looks for the same for ever does not fill the memory', () => {
  const again = `
find library=libnope.so [0]; searching
 search cache=/etc/ld.so.cache

`;
  const { lookups } = onlyProcess(
    ldDebug(1, START),
    ...Array<string>(5000).fill(ldDebug(1, again)),
  );
  assert.equal(lookups.length, 1000);
});

describe('a last tried file', () => {
  const search = `
find library=libx.so [0]; searching
 search path=/a:/b		(system search path)
  trying file=/a/libx.so
  trying file=/b/libx.so

`;
  test('of all there is was found by dlopen where it is initialised', () => {
    const found = onlyProcess(ldDebug(1, `${START}${search}\ncalling init: /b/libx.so\n\n`));
    assert.equal(found.lookups.at(-1)?.found, '/b/libx.so');
    const missed = onlyProcess(ldDebug(1, `${START}${search}\ncalling fini:  [0]\n\n`));
    assert.equal(missed.lookups.at(-1)?.found, null);
  });

  test('was found at start-up where the program goes on', () => {
    assert.equal(onlyProcess(ldDebug(1, search)).lookups[0]?.found, null);
    assert.equal(onlyProcess(ldDebug(1, search + START)).lookups[0]?.found, '/b/libx.so');
  });

  test('before the last directory was found, whatever follows', () => {
    const shorter = search.replace('  trying file=/b/libx.so\n', '');
    assert.equal(onlyProcess(ldDebug(1, shorter)).lookups[0]?.found, '/a/libx.so');
  });

  test('is refused where an error about it breaks the search off', () => {
    const broken = search.replace(/\n\n$/, '');
    const { lookups } = onlyProcess(ldDebug(1, `${START}${broken}\n\ncalling fini:  [0]\n\n`));
    assert.deepStrictEqual(lookups.at(-1)?.tried, [
      { path: '/a/libx.so', outcome: 'unknown' },
      { path: '/b/libx.so', outcome: 'refused' },
    ]);
  });

  test('is not known where the text ends within a line', () => {
    const text = ldDebug(1, START + (search.split('\n\n')[0] ?? '')).slice(0, -4);
    assert.deepStrictEqual(onlyProcess(text).lookups.at(-1)?.tried.at(-1)?.outcome, 'unknown');
  });
});

test('the reasons that 2.43 gives', () => {
  const text = `
find library=libx.so [0]; searching
 search path=/a:/b:/c:/d		(--library-path)
  trying file=/a/libx.so
    (incompatible ELF class)
  trying file=/b/libx.so
    (incompatible ELF machine)
  trying file=/c/libx.so
    (incompatible ELF headers with the host)
  trying file=/d/libx.so
    (no such file)

`;
  assert.deepStrictEqual(
    onlyProcess(ldDebug(1, text)).lookups[0]?.tried.map(({ outcome }) => outcome),
    ['wrong-class', 'wrong-machine', 'refused', 'missing'],
  );
});

test('a library that is asked for by its path', () => {
  const files = `

file=/opt/libx.so [0];  dynamically loaded by sh [0]
file=/opt/libx.so [0];  generating link map
  dynamic: 0x00007f845edfde18  base: 0x00007f845edfa000   size: 0x0000000000004018
    entry: 0x00007f845edfa000  phdr: 0x00007f845edfa040  phnum:                  9

`;
  const expected = (requestedBy: string | null): object => ({
    library: '/opt/libx.so',
    requestedBy,
    kind: 'dlopen',
    found: '/opt/libx.so',
    searched: [{ directory: '/opt', origin: 'direct', from: null }],
    tried: [{ path: '/opt/libx.so', outcome: 'found' }],
  });
  assert.deepStrictEqual(onlyProcess(ldDebug(1, START + files)).lookups.at(-1), expected('sh'));
  // LD_DEBUG=libs says nothing of it before it is initialised, or needs something itself.
  const libs = `
find library=liby.so [0]; searching
 search path=/opt/y		(RUNPATH from file /opt/libx.so)
  trying file=/opt/y/liby.so


calling init: /opt/y/liby.so


calling init: /opt/libx.so

`;
  const { lookups } = onlyProcess(ldDebug(1, START + libs));
  assert.deepStrictEqual(lookups.at(-2), expected(null));
  assert.deepStrictEqual(
    outline({ lookups }).at(-1),
    'dlopen liby.so of /opt/libx.so: /opt/y/liby.so',
  );
});

describe('errors', () => {
  const missing = `
find library=libx.so [0]; searching
 search cache=/etc/ld.so.cache
`;
  test('that end a program have no process id, and are of the process that missed the library', () => {
    const { processes } = read(
      ldDebug(1, missing),
      ldDebug(2, START),
      './prog: error while loading shared libraries: libx.so: cannot open shared object file: No such file or directory\n',
    );
    assert.deepStrictEqual(
      processes.map(({ program, errors }) => ({ program, errors })),
      [
        {
          program: './prog',
          errors: [
            {
              library: 'libx.so',
              text: 'cannot open shared object file: No such file or directory',
              fatal: true,
            },
          ],
        },
        { program: 'sh', errors: [] },
      ],
    );
  });

  test('say what a file is that broke a search off', () => {
    const { lookups } = onlyProcess(
      ldDebug(
        1,
        `
find library=libx.so [0]; searching
 search path=/a:/b		(LD_LIBRARY_PATH)
  trying file=/a/libx.so
>./prog: error while loading shared libraries: /a/libx.so: invalid ELF header
`,
      ),
    );
    assert.deepStrictEqual(lookups[0]?.tried, [{ path: '/a/libx.so', outcome: 'not-elf' }]);
  });

  test('are fatal where the process says nothing more, whatever ld.so calls them', () => {
    const error = 'sh: error: symbol lookup error: undefined symbol: nope (fatal)\n';
    const expected = { library: 'sh', text: 'undefined symbol: nope' };
    assert.deepStrictEqual(onlyProcess(ldDebug(1, START + error)).errors, [
      { ...expected, fatal: true },
    ]);
    assert.deepStrictEqual(
      onlyProcess(ldDebug(1, `${START}${error}\ncalling fini:  [0]\n`)).errors,
      [{ ...expected, fatal: false }],
    );
    // ld.so prints it again as it ends the process.
    const printed = '>sh: symbol lookup error: sh: undefined symbol: nope\n';
    assert.deepStrictEqual(onlyProcess(ldDebug(1, START + error + printed)).errors, [
      { ...expected, fatal: true },
    ]);
  });
});

describe('lines that stand in one', () => {
  const alone = read(ldDebug(1, START)).processes;

  test('after what a program printed, or the prefix of another tool', () => {
    const prefixed = ldDebug(1, START).replace(/^/gm, 'hello> ');
    assert.deepStrictEqual(read(prefixed).processes, alone);
    assert.deepStrictEqual(read(`no line feed${ldDebug(1, START)}`).processes, alone);
    assert.deepStrictEqual(read(ldDebug(1, START).replaceAll('\n', '\r\n')).processes, alone);
  });

  test('a search path that another process broke', () => {
    const text = ldDebug(
      1,
      `
find library=libx.so [0]; searching
 search path=/a:/b:/c		(LD_LIBRARY_PATH)
  trying file=/a/libx.so

`,
    );
    const broken = text.replace('/a:/b', `/a${ldDebug(2, START)}:/b`);
    const { processes, notUnderstood } = read(broken);
    const [whole] = read(text).processes;
    assert.deepStrictEqual(notUnderstood.lines, 0);
    assert.deepStrictEqual(processes, [whole, { ...alone[0], pid: 2 }]);
  });
});

test('what is not understood is counted and kept as a sample', () => {
  const { lines, notUnderstood } = read(ldDebug(1, `${START}\na word of glibc 3\n>my own\n`));
  assert.deepStrictEqual(notUnderstood, { lines: 1, samples: ['a word of glibc 3'] });
  assert.ok(lines > 1);
  assert.deepStrictEqual(read('my own\n'), {
    processes: [],
    lines: 0,
    notUnderstood: { lines: 0, samples: [] },
  });
});

test('statistics, versions, scopes, unused and relocations are understood', () => {
  const text = `

runtime linker statistics:
  total startup time in dynamic loader: 4423 cycles
            time needed for relocation: 1 cycles (0.1%)
                 number of relocations: 87
      number of relocations from cache: 3
        number of relative relocations: 1331
           time needed to load objects: 2 cycles (40.1%)

           final number of relocations: 89
final number of relocations from cache: 3
checking for version \`GLIBC_2.34' in file /lib/libc.so.6 [0] required by file sh [0]
Initial object scopes
object=sh [0]
 scope 0: sh /lib/libc.so.6
 no scope
relocation processing: sh (lazy)
TCB allocated: 0x7f845ebf7740
closing file=/lib/libx.so; direct_opencount=0
add /lib/libx.so [0] to global scope
`;
  assert.deepStrictEqual(read(ldDebug(1, text)).notUnderstood, { lines: 0, samples: [] });
});
