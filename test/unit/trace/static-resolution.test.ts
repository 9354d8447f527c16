// What ld.so would find, worked out from files: one rule of ld.so(8) a test.
import assert from 'node:assert/strict';
import { test } from 'vitest';
import { resolveStatically } from '../../../src-main/trace/static-resolution.ts';
import { LOADER, MadeUpRoot, library, program, type MadeUpFile } from './made-up-root.ts';

type Surroundings = ConstructorParameters<typeof MadeUpRoot>[1];

async function resolved(
  files: Readonly<Record<string, MadeUpFile>>,
  { libraryPath = [], ...surroundings }: Surroundings & { libraryPath?: readonly string[] } = {},
  path = '/bin/prog',
) {
  const root = new MadeUpRoot(files, surroundings);
  const resolution = await resolveStatically(path, 'aPhase', {
    root,
    libraryPath,
    defaultLoader: LOADER,
  });
  assert(resolution !== null);
  return resolution;
}

/** What was found, and by whom it was asked for. */
async function found(...parts: Parameters<typeof resolved>) {
  const { lookups } = await resolved(...parts);
  return lookups.map((one) => [one.requestedBy, one.library, one.found]);
}

test('a lookup has the search path as far as it was come to, and each file that was tried', async () => {
  const { lookups, errors, kind } = await resolved({
    '/bin/prog': program({ needed: ['liba.so'], runpath: ['/nowhere', '/a', '/later'] }),
    '/a/liba.so': library(),
  });
  assert.deepStrictEqual(
    { lookups, errors, kind },
    {
      kind: 'program',
      errors: [],
      lookups: [
        {
          library: 'liba.so',
          requestedBy: '/bin/prog',
          kind: 'startup',
          found: '/a/liba.so',
          searched: ['/nowhere', '/a', '/later'].map((directory) => ({
            directory,
            origin: 'RUNPATH',
            from: '/bin/prog',
          })),
          tried: [
            { path: '/nowhere/liba.so', outcome: 'missing' },
            { path: '/a/liba.so', outcome: 'found' },
          ],
        },
      ],
    },
  );
});

test('libraries are looked for breadth first', async () => {
  assert.deepStrictEqual(
    await found({
      '/bin/prog': program({ needed: ['liba.so', 'libb.so'] }),
      '/lib/liba.so': library({ soname: 'liba.so', needed: ['libc.so'] }),
      '/lib/libb.so': library({ soname: 'libb.so' }),
      '/lib/libc.so': library({ soname: 'libc.so' }),
    }),
    [
      ['/bin/prog', 'liba.so', '/lib/liba.so'],
      ['/bin/prog', 'libb.so', '/lib/libb.so'],
      ['/lib/liba.so', 'libc.so', '/lib/libc.so'],
    ],
  );
});

test('an RPATH counts for what the file loads, a RUNPATH for the file alone', async () => {
  const files = {
    '/a/liba.so': library({ soname: 'liba.so', needed: ['libb.so'] }),
    '/a/libb.so': library({ soname: 'libb.so' }),
  };
  const needed = ['liba.so'];
  const [, byRpath] = await found({ ...files, '/bin/prog': program({ needed, rpath: ['/a'] }) });
  assert.deepStrictEqual(byRpath, ['/a/liba.so', 'libb.so', '/a/libb.so']);
  const [, byRunpath] = await found({
    ...files,
    '/bin/prog': program({ needed, runpath: ['/a'] }),
  });
  assert.deepStrictEqual(byRunpath, ['/a/liba.so', 'libb.so', null]);
});

test('a library with a RUNPATH does without the RPATH of those that loaded it', async () => {
  const [, asked] = await found({
    '/bin/prog': program({ needed: ['liba.so'], rpath: ['/a'] }),
    '/a/liba.so': library({ soname: 'liba.so', needed: ['libb.so'], runpath: ['/b'] }),
    '/a/libb.so': library({ soname: 'libb.so' }),
  });
  assert.deepStrictEqual(asked, ['/a/liba.so', 'libb.so', null]);
});

test('a file that has both has no RPATH', async () => {
  assert.deepStrictEqual(
    await found({
      '/bin/prog': program({ needed: ['liba.so'], rpath: ['/a'], runpath: ['/b'] }),
      '/a/liba.so': library(),
    }),
    [['/bin/prog', 'liba.so', null]],
  );
});

test('LD_LIBRARY_PATH comes after RPATH and before RUNPATH, the cache and the system after these', async () => {
  const files = { '/v/liba.so': library(), '/r/liba.so': library(), '/lib/liba.so': library() };
  const needed = ['liba.so'];
  const libraryPath = ['/v'];
  const where = async (
    parts: Parameters<typeof program>[0],
    given: Parameters<typeof found>[1],
  ) => {
    const [[, , path] = []] = await found(
      { ...files, '/bin/prog': program({ needed, ...parts }) },
      given,
    );
    return path;
  };
  const cache = { 'liba.so': ['/r/liba.so'] };
  assert.deepStrictEqual(
    [
      await where({ rpath: ['/r'] }, { libraryPath }),
      await where({ runpath: ['/r'] }, { libraryPath }),
      await where({}, { cache }),
      await where({}, { cache: {} }),
    ],
    ['/r/liba.so', '/v/liba.so', '/r/liba.so', '/lib/liba.so'],
  );
});

test('$ORIGIN is the real directory of a program, and that through which a library was found', async () => {
  assert.deepStrictEqual(
    await found({
      '/bin/prog': '-> /opt/bin/prog',
      '/opt/bin/prog': program({ needed: ['liba.so'], runpath: ['$ORIGIN/../lib'] }),
      '/opt/lib/liba.so': library({ needed: ['libb.so'], runpath: ['${ORIGIN}/sub'] }),
      '/opt/lib/sub/libb.so': library({ soname: 'libb.so' }),
    }),
    [
      ['/bin/prog', 'liba.so', '/opt/bin/../lib/liba.so'],
      ['/opt/bin/../lib/liba.so', 'libb.so', '/opt/bin/../lib/sub/libb.so'],
    ],
  );
});

test('$LIB and $PLATFORM are those of the loader and of the machine', async () => {
  const runpath = ['/opt/$LIB/$PLATFORM', '/opt/$LIBRARY'];
  const { ownPath } = await resolved(
    { '/bin/prog': program({ runpath }) },
    { system: ['/lib/x86_64-linux-gnu', '/lib'] },
  );
  assert.deepStrictEqual(
    ownPath.map(({ directory }) => directory),
    ['/opt/lib/x86_64-linux-gnu/x86_64', '/opt/$LIBRARY'],
  );
});

test('what is loaded already, by its soname or the name it was asked for, is not looked for again', async () => {
  assert.deepStrictEqual(
    await found({
      '/bin/prog': program({ needed: ['liba.so', 'libb.so.1', 'ld.so'] }),
      '/lib/liba.so': library({ soname: 'libb.so.1', needed: ['liba.so'] }),
    }),
    [['/bin/prog', 'liba.so', '/lib/liba.so']],
  );
});

test('a file that is found by two names is loaded once', async () => {
  assert.deepStrictEqual(
    await found({
      '/bin/prog': program({ needed: ['liba.so', 'libalias.so'] }),
      '/lib/liba.so': library({ soname: 'liba.so', needed: ['libx.so'] }),
      '/lib/libalias.so': '-> /lib/liba.so',
    }),
    [
      ['/bin/prog', 'liba.so', '/lib/liba.so'],
      ['/bin/prog', 'libalias.so', '/lib/libalias.so'],
      ['/lib/liba.so', 'libx.so', null],
    ],
  );
});

test('a name with a slash is a path', async () => {
  const { lookups } = await resolved({
    '/bin/prog': program({ needed: ['/opt/liba.so'], runpath: ['/a'] }),
    '/opt/liba.so': library(),
  });
  const [lookup] = lookups;
  assert.deepStrictEqual(lookup?.searched, [{ directory: '/opt', origin: 'direct', from: null }]);
  assert.equal(lookup.found, '/opt/liba.so');
});

test('the search goes on after a library of another class or machine', async () => {
  const { lookups } = await resolved({
    '/bin/prog': program({ needed: ['liba.so'], runpath: ['/narrow', '/arm', '/a'] }),
    '/narrow/liba.so': library({ class: 'ELF32', machine: 'x86' }),
    '/arm/liba.so': library({ machine: 'AArch64' }),
    '/a/liba.so': library(),
  });
  assert.deepStrictEqual(
    lookups[0]?.tried.map(({ outcome }) => outcome),
    ['wrong-class', 'wrong-machine', 'found'],
  );
});

test('and ends at one that is no ELF file, which the program dies of', async () => {
  const { lookups, errors } = await resolved({
    '/bin/prog': program({ needed: ['liba.so'], runpath: ['/text', '/a'] }),
    '/text/liba.so': 'text',
    '/a/liba.so': library(),
  });
  assert.deepStrictEqual(
    [lookups[0]?.found, lookups[0]?.tried.map(({ outcome }) => outcome)],
    [null, ['not-elf']],
  );
  assert.deepStrictEqual(
    errors.map(({ library: path, fatal }) => [path, fatal]),
    [['/text/liba.so', true]],
  );
});

test('what depends on the working directory is searched, and nothing is said of the file', async () => {
  const { lookups } = await resolved({
    '/bin/prog': program({ needed: ['liba.so'], runpath: ['', 'lib'] }),
    '/lib/liba.so': library(),
  });
  assert.deepStrictEqual(
    [lookups[0]?.searched.map(({ directory }) => directory), lookups[0]?.tried],
    [['.', 'lib', '/lib'], [{ path: '/lib/liba.so', outcome: 'found' }]],
  );
});

test('a program whose loader is not there is looked at with that of its neighbours', async () => {
  const { lookups, errors } = await resolved({
    '/bin/prog': program({ interpreter: '/gone/ld.so', needed: ['liba.so'] }),
    '/lib/liba.so': library(),
  });
  assert.deepStrictEqual(
    [lookups.map((one) => one.found), errors.map((one) => one.library)],
    [['/lib/liba.so'], ['/gone/ld.so']],
  );
});

test('object files, static programs and other files ask for nothing', async () => {
  const root = new MadeUpRoot({
    '/a.o': program({ type: 'relocatable', interpreter: null }),
    '/static': program({ type: 'executable', interpreter: null }),
    '/script': 'text',
  });
  const given = { root, libraryPath: [], defaultLoader: LOADER };
  const paths = ['/a.o', '/static', '/script', '/gone'];
  const answers = await Promise.all(paths.map((path) => resolveStatically(path, null, given)));
  assert.deepStrictEqual(answers, [null, null, null, null]);
});
