// What Strata builds has the same files as what Nix builds: path by path, with the scratch path in place of the real one.
import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDerivation } from '../../../src-main/nix/aterm.ts';
import type { PathEntry } from '../../../src-main/snapshots/layer-changes.ts';
import { nixEnv, nixReason } from '../real-nix.ts';
import { base, layOut } from './edits.ts';
import { packageOf, stdenvs, type Attributes } from './stdenvs.ts';
import { Workbench, type Ran } from './workbench.ts';

const examples = fileURLToPath(new URL('../../../resources/examples', import.meta.url));

/** A file as the store keeps it: times are gone, and of the mode only whether it may be executed is left. */
interface StoreFile {
  readonly path: string;
  readonly type: string;
  readonly executable: boolean;
  /** The bytes of a file as characters, or the target of a link. */
  readonly content: string;
}

/** What Nix builds of an expression, by output; @throws where it does not build. */
async function nixBuild(
  bench: Workbench,
  expression: string,
): Promise<ReadonlyMap<string, string>> {
  const run = (tool: string, args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync(tool, args, { env: nixEnv, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${tool}: ${stderr}`);
    return stdout.trim();
  };
  const path = run('nix-instantiate', [bench.file(expression)]).replace(/!.*/, '');
  run('nix-store', ['--realise', path]);
  const { outputs } = await readDerivation(path);
  return new Map(Array.from(outputs, ([name, output]) => [name, output.path]));
}

function filesOfNix(root: string, path = ''): StoreFile[] {
  const stat = lstatSync(join(root, path));
  if (stat.isSymbolicLink()) {
    return [{ path, type: 'symlink', executable: false, content: readlinkSync(join(root, path)) }];
  }
  if (!stat.isDirectory()) {
    const content = readFileSync(join(root, path), 'latin1');
    return [{ path, type: 'file', executable: (stat.mode & 0o100) !== 0, content }];
  }
  const entries = readdirSync(join(root, path)).toSorted();
  return [
    { path, type: 'directory', executable: false, content: '' },
    ...entries.flatMap((name) => filesOfNix(root, `${path}/${name}`)),
  ];
}

async function filesOfStrata(
  bench: Workbench,
  snapshot: string,
  root: string,
): Promise<StoreFile[]> {
  const { store } = await bench.engine();
  const describe = async ({ path, entry }: PathEntry): Promise<StoreFile[]> => {
    const content =
      entry.type === 'file'
        ? ((await bench.read(snapshot, path)) ?? '')
        : entry.type === 'symlink'
          ? entry.content
          : '';
    const executable = entry.type === 'file' && (entry.mode & 0o100) !== 0;
    const own = { path: path.slice(root.length), type: entry.type, executable, content };
    if (entry.type !== 'directory') return [own];
    const below = await store.snapshotter.listDirectory(snapshot, path);
    const files = await Promise.all(below.map(describe));
    return [own, ...files.flat()];
  };
  const entry = await store.snapshotter.lookup(snapshot, root);
  return entry === null ? [] : describe({ path: root, entry });
}

/** Both builds of an expression, each as the files of all outputs, with Nix's own paths. */
async function buildBoth(bench: Workbench, expression: string) {
  const ran = await bench.run(expression);
  expect(ran.status, ran.lines.join('\n')).toBe('succeeded');
  const outputs = await nixBuild(bench, expression);
  const hash = (path: string): string => basename(path).slice(0, 32);
  const real = (text: string): string =>
    [...outputs].reduce(
      (replaced, [name, path]) => replaced.replaceAll(hash(ran.outputs[name] ?? ''), hash(path)),
      text,
    );
  const ours: Record<string, StoreFile[]> = {};
  const nixs: Record<string, StoreFile[]> = {};
  for (const [name, path] of outputs) {
    const files = await filesOfStrata(bench, ran.snapshot, ran.outputs[name] ?? '');
    ours[name] = files.map((file) => ({ ...file, content: real(file.content) })).toSorted(byPath);
    nixs[name] = filesOfNix(path).toSorted(byPath);
  }
  return { ours, nixs };
}

function byPath(a: StoreFile, b: StoreFile): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** Packages of every stdenv. */
const packages: Readonly<Record<string, Attributes>> = {
  'sources, a patch, an input with a hook': base,
  buildCommand: {
    name: '"command"',
    buildCommand: `''
      mkdir -p $out/bin $out/empty
      printf '#!/bin/sh\\necho $out\\n' > $out/bin/run
      chmod 755 $out/bin/run
      ln -s run $out/bin/link
      ln -s $out/bin/run $out/bin/absolute
      printf '\\0\\377 bytes' > $out/bytes
      chmod 600 $out/bytes
      ln $out/bytes $out/hard-link
    ''`,
  },
  'buildCommand in a file': {
    name: '"command-file"',
    passAsFile: '[ "buildCommand" "text" ]',
    text: '"a text as a file\\n"',
    buildCommand: '"cat $textPath > $out; basename $textPath >> $out; ls -a /build | sort >> $out"',
  },
  'several outputs': {
    name: '"outputs"',
    outputs: '[ "out" "lib" "dev" ]',
    dontUnpack: 'true',
    installPhase: `''
      mkdir -p $out/bin $lib/lib $dev/include
      echo "#define OUT \\"$out\\" LIB \\"$lib\\"" > $dev/include/paths.h
      printf '#!/bin/sh\\nexec ls $lib/lib\\n' > $out/bin/run
      chmod +x $out/bin/run
      echo text > $lib/lib/text
    ''`,
  },
  'an exit hook, and phases of its own': {
    name: '"phases"',
    phases: '[ "onePhase" "twoPhase" ]',
    onePhase: '"mkdir $out; state=carried; echo one > $out/one"',
    twoPhase: '"echo $state > $out/two"',
    exitHook: '"echo at the end > $out/end"',
  },
  'exit 0 in a phase': {
    name: '"exit"',
    phases: '[ "onePhase" "twoPhase" ]',
    onePhase: '"echo one > $out; exit 0; echo not reached"',
    twoPhase: '"echo two >> $out"',
  },
  'a failure that counts as success': {
    name: '"ignored"',
    phases: '[ "onePhase" "twoPhase" ]',
    onePhase: '"mkdir $out; false"',
    twoPhase: '"touch $out/not-reached"',
    succeedOnFailure: 'true',
  },
};

/** Derivations without a stdenv, as expressions. */
const bare: Readonly<Record<string, string>> = {
  'a builder that is a command': `derivation {
    name = "plain"; system = builtins.currentSystem;
    builder = "/bin/sh"; args = [ "-c" "echo $greeting $out > $out" ];
    greeting = "hello";
  }`,
  'a builder that is no shell': `derivation {
    name = "program"; system = builtins.currentSystem;
    builder = "/usr/bin/env"; args = [ "PATH=/usr/bin:/bin" "cp" "-r" "--" ./1 (placeholder "out") ];
  }`,
  'a builder with several outputs': `derivation {
    name = "outputs"; system = builtins.currentSystem; outputs = [ "out" "doc" ];
    builder = "/bin/bash"; args = [ "-ec" ''
      PATH=/usr/bin:/bin
      mkdir $out; echo $doc > $out/doc; echo text > $doc
    '' ];
  }`,
  'a fixed output, flat': `derivation {
    name = "flat"; system = builtins.currentSystem;
    builder = "/bin/sh"; args = [ "-c" "echo fixed > $out" ];
    outputHashMode = "flat"; outputHashAlgo = "sha256";
    outputHash = builtins.hashString "sha256" "fixed\\n";
  }`,
  'a fixed output, recursive': `derivation {
    name = "recursive"; system = builtins.currentSystem;
    builder = "/bin/bash"; args = [ "-ec" "PATH=/usr/bin:/bin; mkdir $out; echo fixed > $out/a; ln -s a $out/b" ];
    outputHashMode = "recursive"; outputHashAlgo = "sha256";
    outputHash = "HASH";
  }`,
};

/** The same tree as the last builder makes, hashed by Nix. */
function recursiveHash(bench: Workbench): string {
  bench.write('fixed/a', 'fixed\n');
  spawnSync('ln', ['-s', 'a', join(bench.directory, 'fixed/b')]);
  const args = ['--type', 'sha256', '--base32', join(bench.directory, 'fixed')];
  return spawnSync('nix-hash', args, { encoding: 'utf8' }).stdout.trim();
}

const suite = nixReason === null ? '' : ` (skipped: ${nixReason})`;

describe.skipIf(nixReason !== null)(`the same files as nix-build${suite}`, () => {
  let bench: Workbench;
  beforeAll(() => {
    bench = Workbench.open();
    layOut(bench);
  });
  afterAll(() => bench.close());

  describe.each(stdenvs)('$name', (stdenv) => {
    test.each(Object.entries(packages))('%s', async (_, attributes) => {
      const { ours, nixs } = await buildBoth(bench, packageOf(stdenv, attributes));
      expect(ours).toEqual(nixs);
    });
  });

  test.each(['hello', 'structured'])('the example %s', async (name) => {
    const { ours, nixs } = await buildBoth(bench, `import ${join(examples, name)} { }`);
    expect(ours).toEqual(nixs);
  });

  test.each(Object.entries(bare))('%s', async (_, expression) => {
    const whole = expression.replace('HASH', recursiveHash(bench));
    const { ours, nixs } = await buildBoth(bench, whole);
    expect(ours).toEqual(nixs);
  });

  test.each(['flat', 'recursive'])(
    'a fixed output with another hash is refused: %s',
    async (mode) => {
      const expression = (bare[`a fixed output, ${mode}`] ?? '').replace(
        /outputHash = .*;/,
        'outputHash = "0000000000000000000000000000000000000000000000000000";',
      );
      const ran: Ran = await bench.run(expression);
      expect([ran.status, ran.phases, ran.complaint]).toEqual([
        'failed',
        [['build', 'succeeded']],
        expect.stringMatching(
          /^hash mismatch in fixed-output derivation:\n {2}specified: sha256-A{43}=\n {5}got: {4}sha256-\S{44}$/,
        ),
      ]);
    },
  );

  test('an output that is not there is missed', async () => {
    const ran = await bench.run(`derivation {
      name = "nothing"; system = builtins.currentSystem; outputs = [ "out" "doc" ];
      builder = "/bin/sh"; args = [ "-c" "echo > $out" ];
    }`);
    expect([ran.status, ran.complaint]).toEqual([
      'failed',
      `the builder failed to produce the output path for output 'doc' at '${ran.outputs['doc'] ?? ''}'`,
    ]);
  });
});
