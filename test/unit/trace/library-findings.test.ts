// What is wrong with the ELF files of an output, and the words for it.
import assert from 'node:assert/strict';
import { test } from 'vitest';
import { findingText } from '../../../src-main/trace/finding-text.ts';
import {
  isSerious,
  libraryFindings,
  type Elsewhere,
  type LibraryFinding,
} from '../../../src-main/trace/library-findings.ts';
import { resolveStatically } from '../../../src-main/trace/static-resolution.ts';
import { LOADER, MadeUpRoot, library, program, type MadeUpFile } from './made-up-root.ts';

async function findings(
  files: Readonly<Record<string, MadeUpFile>>,
  elsewhere: Readonly<Record<string, readonly Elsewhere[]>> = {},
): Promise<readonly LibraryFinding[]> {
  const root = new MadeUpRoot(files);
  const given = { root, libraryPath: [], defaultLoader: LOADER };
  const checked = [];
  for (const path of Object.keys(files)) {
    const one = await resolveStatically(path, null, given);
    if (one !== null) checked.push(one);
  }
  return libraryFindings(checked, {
    isDirectory: (path) => root.isDirectory(path),
    elsewhere: async (name) => Promise.resolve(elsewhere[name] ?? []),
  });
}

const libc = { '/lib/libc.so': library({ soname: 'libc.so' }) };

test('nothing is said of files that find all they need through the directories they name', async () => {
  const files = {
    '/out/bin/prog': program({ needed: ['liba.so', 'libc.so'], runpath: ['/out/lib'] }),
    '/out/lib/liba.so': library({ soname: 'liba.so', needed: ['libc.so'] }),
    ...libc,
  };
  assert.deepStrictEqual(await findings(files), []);
});

test('a library that several files lack is one finding, with where it would be found', async () => {
  const lacking = program({ needed: ['libz.so.1'] });
  const elsewhere = [{ path: '/nix/store/z/lib/libz.so.1', place: 'input' }] as const;
  const [finding, ...others] = await findings(
    { '/out/a': lacking, '/out/b': lacking },
    { 'libz.so.1': elsewhere },
  );
  assert.deepStrictEqual(
    [finding, others],
    [{ kind: 'missing-library', library: 'libz.so.1', files: ['/out/a', '/out/b'], elsewhere }, []],
  );
  assert(finding !== undefined && isSerious(finding));
  const { text, advice } = findingText(finding);
  assert.equal(text, 'libz.so.1 is not found; it would be found with RUNPATH /nix/store/z/lib');
  assert.match(
    advice.join('\n'),
    /autoPatchelfHook.*\n.*-Wl,-rpath,\/nix\/store\/z\/lib.*\n.*patchelf --add-rpath/,
  );
});

test('directories of a search path, the worst first', async () => {
  const runpath = ['/out/lib', '/build/source/lib', '/tmp', 'lib', '/nowhere', '/lib'];
  const found = await findings({
    '/out/bin/prog': program({ needed: ['liba.so'], runpath }),
    '/out/lib/liba.so': library({ soname: 'liba.so' }),
    ...libc,
  });
  assert.deepStrictEqual(
    found.map((one) => (one.kind === 'search-path' ? [one.problem, one.directory] : [one.kind])),
    [
      ['build-directory', '/build/source/lib'],
      ['build-directory', '/tmp'],
      ['relative', 'lib'],
      ['absent', '/nowhere'],
      ['unused', '/lib'],
    ],
  );
  assert.deepStrictEqual(found.map(isSerious), [true, true, false, false, false]);
});

test('/buildings is not the build directory', async () => {
  const found = await findings({ '/out/prog': program({ runpath: ['/buildings'] }) });
  assert.deepStrictEqual(
    found.map((one) => one.kind === 'search-path' && one.problem),
    ['absent'],
  );
});

test('a library from two places', async () => {
  const found = await findings({
    '/prog': program({ needed: ['liba.so', '/old/libz.so'], runpath: ['/new'] }),
    '/new/liba.so': library({ soname: 'liba.so', needed: ['libz.so'], runpath: ['/new'] }),
    '/new/libz.so': library({ soname: 'libz.so' }),
    '/old/libz.so': library({ soname: 'libz.so.0' }),
  });
  assert.deepStrictEqual(found, [
    {
      kind: 'two-places',
      library: 'libz.so',
      paths: ['/old/libz.so', '/new/libz.so'],
      files: ['/prog'],
    },
  ]);
});

test('a loader that does not exist', async () => {
  const [finding] = await findings({ '/prog': program({ interpreter: '/gone/ld.so' }) });
  assert.deepStrictEqual(finding, {
    kind: 'missing-loader',
    loader: '/gone/ld.so',
    files: ['/prog'],
  });
});

test('a library that was built and not installed', () => {
  const { text } = findingText({
    kind: 'missing-library',
    library: 'liba.so',
    files: [],
    elsewhere: [{ path: '/build/.libs/liba.so', place: 'build' }],
  });
  assert.equal(
    text,
    'liba.so is not found; it was built as /build/.libs/liba.so and not installed',
  );
});
