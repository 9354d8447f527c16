/** The environment that Strata composes, beside what real Nix gives a builder in its own sandbox. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { runTool } from '../../../src-main/host/process.ts';
import { readDerivation } from '../../../src-main/nix/aterm.ts';
import { buildEnvironment, exportedPaths } from '../../../src-main/nix/build-environment.ts';
import type { BuildEnvironment } from '../../../src-main/nix/build-environment.ts';
import {
  compareHash,
  fixedOutput,
  hashArguments,
  type FixedOutput,
} from '../../../src-main/nix/fixed-output.ts';
import { referencesGraph } from '../../../src-main/nix/closure.ts';
import { evaluate } from '../../../src-main/nix/evaluate.ts';
import { realiseInputs } from '../../../src-main/nix/realise.ts';
import { scratchOutputs } from '../../../src-main/nix/scratch-outputs.ts';
import { derivationName } from '../../../src-main/nix/store-path.ts';
import { NO_NIX, isolateStore } from './isolated-store.ts';
import type { IsolatedStore } from './isolated-store.ts';

/** Writes its environment and its directory's files, with their modes, each ended by a NUL, to its output. */
const REPORT = `
  export PATH=/usr/bin:/bin
  cd /build
  { env -0; printf 'FILES\\0'
    for f in $(find . -type f); do printf '%s %s\\0' "$f" "$(stat -c %a "$f")"; cat "$f"; printf '\\0'; done
  } > /tmp/report`;

interface Seen {
  readonly env: Record<string, string>;
  readonly files: Readonly<Record<string, string>>;
}

/** What bash sets by itself, and PATH, which the builder needs. */
const OWN_VARIABLES = new Set(['SHLVL', 'OLDPWD', 'PATH', '_']);

describe.skipIf(NO_NIX !== null)(`the builder’s environment${NO_NIX ? ` (${NO_NIX})` : ''}`, () => {
  let store: IsolatedStore;
  beforeAll(() => {
    store = isolateStore();
  });
  afterAll(() => store.remove());

  async function compare(name: string, attributes: string, finish: string): Promise<void> {
    const file = store.write(
      `${name}.nix`,
      `let
         dep = derivation {
           name = "dep"; system = builtins.currentSystem; builder = "/bin/sh";
           args = [ "-c" "echo \${builtins.toFile "source" "x"} > $out" ];
         };
       in derivation ({
         name = "${name}"; system = builtins.currentSystem; builder = "/bin/bash";
         args = [ "-c" ''${REPORT}
           ${finish}'' ];
       } // (${attributes}))`,
    );
    const { drvPath } = await evaluate({ kind: 'file', file, attribute: null });
    const derivation = await readDerivation(drvPath);
    await realiseInputs(derivation, { rootsDirectory: join(store.directory, 'roots', name) });
    await build(drvPath);
    const scratch = new Map([...derivation.outputs].map(([output, { path }]) => [output, path]));
    const graphs = new Map<string, Awaited<ReturnType<typeof referencesGraph>>>();
    for (const path of exportedPaths(derivation)) graphs.set(path, await referencesGraph(path));
    const options = { scratch, cores: 3, graphs, storeDirectory: store.storeDirectory };
    const out = derivation.outputs.get('out')?.path ?? '';
    const nix = parseSeen(withoutValid(readFileSync(out, 'utf8')));
    if (nix.env['NIX_ATTRS_SH_FILE'] !== undefined) {
      // Nix 2.8 names the directory outside the sandbox here.
      nix.env['NIX_ATTRS_SH_FILE'] = '/build/.attrs.sh';
      nix.env['NIX_ATTRS_JSON_FILE'] = '/build/.attrs.json';
    }
    const composed = buildEnvironment(derivation, options);
    const ours: Seen = {
      env: Object.fromEntries([...composed.env].filter(([key]) => !OWN_VARIABLES.has(key))),
      files: Object.fromEntries(
        composed.files.map(({ path, contents, mode }) => [
          `${path.replace('/build', '.')} ${mode.toString(8)}`,
          withoutValid(Buffer.from(contents).toString('utf8')),
        ]),
      ),
    };
    assert.deepStrictEqual(ours, nix);

    // With scratch paths it is the same, but for the outputs' hashes.
    const moved = scratchOutputs(derivation, derivationName(drvPath), store.storeDirectory);
    const elsewhere = textOf(buildEnvironment(derivation, { ...options, scratch: moved }));
    let restored = elsewhere;
    for (const [output, path] of moved) {
      const real = scratch.get(output) ?? '';
      assert.ok(elsewhere.includes(path) && !elsewhere.includes(real), `${output} is not moved`);
      restored = restored.replaceAll(path, real);
    }
    assert.equal(restored, textOf(composed));
  }

  test('of a plain derivation is Nix’s: passAsFile, Booleans, lists, several outputs, placeholders', () =>
    compare(
      'plain',
      `{ outputs = [ "out" "dev" ]; passAsFile = [ "big" "flags" ]; big = "text\\nüber"; yes = true; no = false;
         none = null; number = 3; list = [ "a" 1 true ]; HOME = "/mine"; NIX_BUILD_TOP = "ignored";
         flags = "--prefix=\${builtins.placeholder "out"}/x -L\${builtins.placeholder "dev"}/lib"; }`,
      'cp /tmp/report $out; echo > $dev',
    ));

  test('of a plain derivation with exportReferencesGraph is Nix’s', () =>
    compare(
      'graph',
      `{ exportReferencesGraph = [ "deps" dep "drv" dep.drvPath ]; }`,
      'cp /tmp/report $out',
    ));

  test('of a structured derivation is Nix’s, .attrs.sh and .attrs.json to the byte', () =>
    compare(
      'structured',
      `{ __structuredAttrs = true; outputs = [ "out" "dev" ];
         string = "it's \\"quoted\\" \\$x \\n\\t über"; yes = true; no = false; none = null; int = 3;
         big = 9007199254740993; negative = -4; float = 1.5; whole = 2.0; small = 0.1;
         list = [ "a b" 1 true null ]; nested = [ [ "x" ] ]; set = { b = "1"; a = "it's"; "with space" = 2; };
         deep = { x = { y = 1; }; }; "odd-name" = "x"; env = { FOO = "bar"; };
         emptyList = [ ]; emptySet = { };
         where = "\${builtins.placeholder "dev"}/include";
         exportReferencesGraph.closure = [ dep ]; }`,
      "source .attrs.sh; cp /tmp/report ''${outputs[out]}; echo > ''${outputs[dev]}",
    ));

  test('of a fixed output is Nix’s, the caller’s impureEnvVars among it', async () => {
    const file = store.write(
      'fixed.nix',
      `derivation {
         name = "fixed"; system = builtins.currentSystem; builder = "/bin/bash";
         args = [ "-c" "/usr/bin/env; echo ok > $out" ];
         outputHashMode = "flat"; outputHashAlgo = "sha256";
         outputHash = "dc51b8c96c2d745df3bd5590d990230a482fd247123599548e0632fdbf97fc22";
         impureEnvVars = [ "http_proxy" "no_proxy" ];
       }`,
    );
    const { drvPath } = await evaluate({ kind: 'file', file, attribute: null });
    const impureEnv = { ...process.env, http_proxy: 'http://proxy' };
    const args = ['--realise', drvPath];
    await runTool({ operation: 'building', tool: 'nix-store', args, env: impureEnv });
    const read = { operation: 'reading', tool: 'nix-store', args: ['--read-log', drvPath] };
    const log = (await runTool(read)).stdout.toString('utf8');

    const derivation = await readDerivation(drvPath);
    const out = derivation.outputs.get('out')?.path ?? '';
    const scratch = new Map([['out', out]]);
    const { storeDirectory } = store;
    const composed = buildEnvironment(derivation, { scratch, cores: 3, impureEnv, storeDirectory });
    const own = (name: string): boolean => OWN_VARIABLES.has(name);
    const given = log.split('\n').filter((line) => line.includes('='));
    assert.deepStrictEqual(
      [...composed.env].filter(([name]) => !own(name)).map((entry) => entry.join('=')),
      given.filter((line) => !own(line.replace(/=.*/, ''))).sort(),
    );
    assert.equal(composed.env.get('NIX_OUTPUT_CHECKED'), '1');
    assert.equal(composed.sandboxed, false);

    const fixed = fixedOutput(derivation);
    assert.ok(fixed !== null);
    const expected = 'sha256-3FG4yWwtdF3zvVWQ2ZAjCkgv0kcSNZlUjgYy/b+X/CI=';
    const hash = (path: string, how: FixedOutput): string =>
      execFileSync('nix-hash', [...hashArguments(how), path], { encoding: 'utf8' }).trim();
    assert.deepStrictEqual(compareHash(fixed, hash(out, fixed)), {
      matches: true,
      expected,
      got: expected,
    });
    const other = store.write('other', 'other');
    const recursive = { ...fixed, mode: 'recursive' as const };
    assert.equal(compareHash(fixed, hash(other, fixed)).matches, false);
    assert.equal(compareHash(fixed, hash(store.directory, recursive)).matches, false);
  });
});

function parseSeen(text: string): Seen {
  const [env = '', files = ''] = text.split('FILES\0');
  const variables = env
    .split('\0')
    .filter((entry) => entry !== '')
    .map(
      (entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)] as const,
    )
    .filter(([name]) => !OWN_VARIABLES.has(name));
  const parts = files.split('\0').slice(0, -1);
  const contents = parts.flatMap((name, at) =>
    at % 2 === 0 ? [[name, parts[at + 1] ?? ''] as const] : [],
  );
  return { env: Object.fromEntries(variables), files: Object.fromEntries(contents) };
}

/**
 * Nix 2.8 itself kills one builder in four or so that has an `exportReferencesGraph` (`failed due to signal 9`): then
 * once more.
 */
async function build(drvPath: string): Promise<void> {
  const call = { operation: 'building', tool: 'nix-store', args: ['--realise', drvPath] };
  for (let attempt = 1; attempt <= 12; attempt += 1) {
    const { exitCode, stderr } = await runTool({ ...call, accept: [0, 1, 100] });
    if (exitCode === 0) return;
    assert.match(stderr.toString('utf8'), /failed due to signal 9/);
  }
  assert.fail(`Nix kills the builder of ${drvPath} each time`);
}

/** Nix says of each path in a graph that it is valid since 2.19; Strata does as it does. */
function withoutValid(text: string): string {
  return text.replaceAll(',"valid":true', '');
}

function textOf({ env, args, files }: BuildEnvironment): string {
  const contents = files.map((file) => Buffer.from(file.contents).toString('utf8'));
  return [...env].flat().concat(args, contents).join('\n');
}
