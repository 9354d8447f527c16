// ELF files of a real snapshot, compiled in a build: what they would find is what ld.so finds, and what is wrong is told.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { libraryCheckView } from '../../../src-main/engine/libraries-view.ts';
import { calls } from '../../../src-main/protocol/methods.ts';
import { foundThrough } from '../../../src-main/trace/resolution-tree.ts';
import type { Lookup } from '../../../src-main/trace/lookups.ts';
import { packageOf, stdenvs } from '../phases/stdenvs.ts';
import { Workbench, type Ran } from '../phases/workbench.ts';
import { nixReason } from '../real-nix.ts';

const [stdenv] = stdenvs;
const noCompiler = spawnSync('gcc', ['--version']).error === undefined ? null : 'there is no gcc';
const reason = nixReason ?? noCompiler;
const suite = reason === null ? '' : ` (skipped: ${reason})`;

const DEP = `
  stdenv.mkDerivation {
    name = "dep";
    dontUnpack = true;
    installPhase = ''
      mkdir -p $out/lib
      echo 'int dep(void) { return 0; }' > dep.c
      gcc -shared -fPIC -Wl,-soname,libdep.so.1 -o $out/lib/libdep.so.1 dep.c
      ln -s libdep.so.1 $out/lib/libdep.so
    '';
  }`;

/** Two programs that start: one finds all through a RUNPATH, the other through an RPATH that counts for its library too. */
const GOOD = `''
  mkdir -p $out/lib $out/bin
  echo 'int dep(void); int part(void) { return dep(); }' > part.c
  echo 'int part(void); int main(void) { return part(); }' > main.c
  gcc -shared -fPIC -Wl,-soname,libpart.so.1 -o $out/lib/libpart.so.1 part.c -L\${dep}/lib -ldep
  gcc -shared -fPIC -Wl,-soname,libbare.so.1 -o $out/lib/libbare.so.1 part.c
  gcc -o $out/bin/new main.c $out/lib/libpart.so.1 -Wl,--enable-new-dtags,-rpath,'$ORIGIN/../lib:/nowhere'
  gcc -o $out/bin/old main.c $out/lib/libbare.so.1 -L\${dep}/lib -Wl,--no-as-needed -ldep \\
    -Wl,--disable-new-dtags,-rpath,"$out/lib:\${dep}/lib"
  ln -s new $out/bin/link
  echo text > $out/lib/readme
''`;

/** One that does not: of a library that is in an input, one that was not installed, and one that is nowhere. */
const BAD = `''
  mkdir -p $out/bin
  for name in left gone; do
    echo "int $name(void) { return 0; }" > $name.c
    gcc -shared -fPIC -Wl,-soname,lib$name.so.1 -o lib$name.so.1 $name.c
  done
  echo 'int main(void) { return 0; }' > main.c
  NIX_LDFLAGS= NIX_DONT_SET_RPATH=1 gcc -o $out/bin/bad main.c \${dep}/lib/libdep.so.1 ./libleft.so.1 ./libgone.so.1 \\
    -Wl,--no-as-needed \${dep}/lib/libdep.so.1 ./libleft.so.1 ./libgone.so.1 -Wl,--enable-new-dtags,-rpath,$PWD/lib:lib
  rm libgone.so.1
''`;

describe.skipIf(reason !== null)(`files of a snapshot${suite}`, () => {
  let bench: Workbench;
  let good: Ran;
  let bad: Ran;
  const { signal } = new AbortController();

  const expression = (name: string, script: string): string =>
    packageOf(
      {
        name: 'host-stdenv',
        expression: `${stdenv?.expression ?? ''}; dep = ${DEP}`,
      },
      {
        name: `"${name}"`,
        buildInputs: '[ dep ]',
        phases: '[ "installPhase" "usePhase" ]',
        installPhase: script,
        usePhase: name === 'good' ? '"$out/bin/new; $out/bin/old; $out/bin/link"' : '":"',
      },
    );

  beforeAll(async () => {
    bench = Workbench.open();
    const tracing = { phases: new Map([['ld', null] as const]), ldDebug: 'libs,files' };
    bad = await bench.run(expression('bad', BAD));
    good = await bench.run(expression('good', GOOD), { tracing });
    expect([good.status, bad.status], [...good.lines, ...bad.lines].join('\n')).toEqual([
      'succeeded',
      'succeeded',
    ]);
  });
  afterAll(() => bench.close());

  const said = ({ library, requestedBy, found, searched }: Lookup) => ({
    library,
    requestedBy,
    found,
    origin: foundThrough({ library, found, searched })?.origin,
  });

  test('find what ld.so found when they ran', async () => {
    const engine = await bench.engine();
    const { files } = await engine.checkLibraries(
      { reference: 'last:usePhase', path: 'out/bin' },
      signal,
    );
    const { processes } = await engine.libraries('last:usePhase', signal);
    const out = good.outputs['out'] ?? '';
    assert.deepStrictEqual(
      files.map(({ program }) => program),
      [`${out}/bin/new`, `${out}/bin/old`],
    );
    for (const { program, lookups } of files) {
      const ran = processes.find((process) => process.program === program);
      assert.deepStrictEqual(lookups.map(said), ran?.lookups.map(said), program);
    }
  });

  test('are named by a path, a link, a directory or an output', async () => {
    const engine = await bench.engine();
    const names = async (path: string): Promise<readonly string[]> => {
      const reference = good.snapshot;
      const { files } = await engine.checkLibraries({ reference, path }, signal);
      return files.map(({ program }) => program.replace(good.outputs['out'] ?? '', '$out'));
    };
    const out = good.outputs['out'] ?? '';
    assert.deepStrictEqual(await names(`${out}/bin/new`), ['$out/bin/new']);
    assert.deepStrictEqual(await names('out/bin/link'), ['$out/bin/link']);
    assert.deepStrictEqual(await names('out'), [
      '$out/bin/new',
      '$out/bin/old',
      '$out/lib/libbare.so.1',
      '$out/lib/libpart.so.1',
    ]);
    await expect(names('out/lib/readme')).rejects.toMatchObject({ code: 'usage' });
    await expect(names('out/nothing')).rejects.toMatchObject({
      code: 'not-found',
      reason: `there is no ${out}/nothing`,
    });
  });

  test('lack libraries, and it is told where these would be found', async () => {
    const engine = await bench.engine();
    const checked = { reference: bad.snapshot, path: 'out/bin/bad' };
    const { files, findings } = await engine.checkLibraries(checked, signal);
    const program = `${bad.outputs['out'] ?? ''}/bin/bad`;
    const missing = findings.flatMap((one) => (one.kind === 'missing-library' ? [one] : []));
    const places = new Map(
      missing.map(({ library, elsewhere }) => [
        library,
        elsewhere.map(({ path, place }) => `${place} ${path.replace(/^\/nix\/store\/\w+-/, '')}`),
      ]),
    );
    assert.deepStrictEqual(Object.fromEntries(places), {
      'libdep.so.1': ['input dep/lib/libdep.so.1'],
      'libleft.so.1': ['build /build/libleft.so.1'],
      'libgone.so.1': [],
    });
    assert.deepStrictEqual(
      findings.flatMap((one) => (one.kind === 'search-path' ? [[one.problem, one.directory]] : [])),
      [
        ['build-directory', '/build/lib'],
        ['relative', 'lib'],
      ],
    );
    assert.deepStrictEqual(
      files.map((one) => one.program),
      [program],
    );
  });

  test('a trace of an older glibc says of no file that it is unknown', async () => {
    const engine = await bench.engine();
    const { processes } = await engine.libraries('last:usePhase', signal);
    const outcomes = new Set(
      processes.flatMap(({ lookups }) =>
        lookups.flatMap(({ tried }) => tried.map((one) => one.outcome)),
      ),
    );
    assert.deepStrictEqual([...outcomes].toSorted(), ['found', 'missing']);
  });

  test('the window is told the same', async () => {
    const engine = await bench.engine();
    const check = await engine.checkLibraries({ reference: bad.snapshot, path: 'out' }, signal);
    const view = calls.checkLibraries.result.parse(libraryCheckView(check));
    assert.deepStrictEqual(
      view.findings.map(({ serious }) => serious),
      [true, true, true, true, false],
    );
    assert.deepStrictEqual(
      view.files.flatMap(({ lookups }) =>
        lookups.map(({ library, found }) => [library, found !== null]),
      ),
      [
        ['libdep.so.1', false],
        ['libleft.so.1', false],
        ['libgone.so.1', false],
        ['libc.so.6', true],
      ],
    );
  });
});
