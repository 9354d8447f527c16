/** Inputs made present by real Nix. */
import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { runTool } from '../../../src-main/host/process.ts';
import { readDerivation } from '../../../src-main/nix/aterm.ts';
import { closure, isValid } from '../../../src-main/nix/closure.ts';
import { readConfiguration } from '../../../src-main/nix/configuration.ts';
import type { Derivation } from '../../../src-main/nix/derivation.ts';
import { evaluate } from '../../../src-main/nix/evaluate.ts';
import type { RealisationProgress } from '../../../src-main/nix/realisation-progress.ts';
import { DependencyFailed, realiseInputs } from '../../../src-main/nix/realise.ts';
import { NO_NIX, isolateStore } from './isolated-store.ts';
import type { IsolatedStore } from './isolated-store.ts';

const INPUTS = `
  let
    make = name: script: derivation {
      inherit name; system = builtins.currentSystem; builder = "/bin/bash"; outputs = [ "out" "dev" ];
      args = [ "-c" script ];
    };
    source = builtins.toFile "source" "text";
    deep = make "deep" "echo deep > $out; echo unused > $dev";
    dep = make "dep" "echo building dep; echo \${deep} > $out; echo \${source} > $dev";
    broken = make "broken" "echo first line; echo the compiler says no; exit 7";
  in {
    good = make "good" "echo \${dep} \${dep.dev} \${builtins.toFile "mine" "x"} > $out";
    bad = make "bad" "echo \${make "between" "echo \${broken}"}";
    many = make "many" (toString (builtins.genList (n: builtins.toFile "file-\${toString n}" "") 300));
  }`;

describe.skipIf(NO_NIX !== null)(
  `the inputs of a derivation${NO_NIX ? ` (${NO_NIX})` : ''}`,
  () => {
    let store: IsolatedStore;
    let rootsDirectory: string;
    beforeAll(() => {
      store = isolateStore();
      store.write('inputs.nix', INPUTS);
      rootsDirectory = join(store.directory, 'roots');
    });
    afterAll(() => store.remove());

    async function derivation(attribute: string): Promise<Derivation> {
      const file = join(store.directory, 'inputs.nix');
      const { drvPath } = await evaluate({ kind: 'file', file, attribute });
      return readDerivation(drvPath);
    }

    const names = (paths: readonly string[]): string[] =>
      paths.map((path) => path.replace(/^.*\/.{33}/, '')).sort();

    async function collectGarbage(): Promise<void> {
      await runTool({ operation: 'collecting garbage', tool: 'nix-store', args: ['--gc'] });
    }

    test('are built, rooted, and given as their whole closure', async () => {
      const good = await derivation('good');
      const seen: RealisationProgress[] = [];
      const onProgress = (progress: RealisationProgress): void => void seen.push(progress);
      const paths = await realiseInputs(good, { rootsDirectory, onProgress });
      assert.deepStrictEqual(names(paths), ['deep', 'dep', 'dep-dev', 'mine', 'source']);
      assert.deepStrictEqual(paths, [...paths].sort());
      const built = seen.flatMap(({ running }) => [...running.values()]);
      assert.ok(built.some((run) => run.kind === 'build' && run.lines.includes('building dep')));

      await collectGarbage();
      assert.equal(await isValid(paths), true);
      const again = await realiseInputs(good, { rootsDirectory, onProgress: () => assert.fail() });
      assert.deepStrictEqual(again, paths);

      rmSync(rootsDirectory, { recursive: true });
      await collectGarbage();
      assert.equal(await isValid(paths), false);
    });

    test('that do not build are named, with their log and what to do', async () => {
      const bad = await derivation('bad');
      const failed = await realiseInputs(bad, { rootsDirectory }).then(
        () => assert.fail('it builds'),
        (error: unknown) => error,
      );
      assert.ok(failed instanceof DependencyFailed, String(failed));
      assert.match(failed.derivation, /-broken\.drv$/);
      assert.deepStrictEqual(failed.lines, ['first line', 'the compiler says no']);
      assert.equal(failed.output, 'first line\nthe compiler says no\n');
      assert.match(failed.reason, /-broken\.drv' failed with exit code 7/);
      assert.equal(failed.advice, `run it by itself: strata run ${failed.derivation}`);
    });

    test('that nobody can make are named in Nix’s words', async () => {
      const lost = `${store.storeDirectory}/00000000000000000000000000000000-lost`;
      const good = await derivation('good');
      const error: unknown = await realiseInputs(
        { ...good, inputDerivations: new Map(), inputSources: [lost] },
        { rootsDirectory: join(store.directory, 'other-roots') },
      ).catch((thrown: unknown) => thrown);
      assert.ok(error instanceof Error && error.message.includes('-lost'), String(error));
    });

    test('may be many', async () => {
      const many = await derivation('many');
      const roots = join(store.directory, 'many-roots');
      const paths = await realiseInputs(many, { rootsDirectory: roots });
      assert.equal(paths.length, 300);
      assert.equal(readdirSync(roots).length, 300);
    });

    test('stop when they are cancelled', async () => {
      const good = await derivation('good');
      const roots = join(store.directory, 'cancelled');
      const signal = AbortSignal.abort();
      await assert.rejects(realiseInputs(good, { rootsDirectory: roots, signal }), {
        code: 'cancelled',
      });
    });

    test('have no closure where they are not there', async () => {
      const lost = `${store.storeDirectory}/00000000000000000000000000000000-lost`;
      assert.deepStrictEqual(await closure([]), []);
      assert.equal(await isValid([]), true);
      assert.equal(await isValid([lost]), false);
      await assert.rejects(closure([lost]), { code: 'nix' });
    });

    test('are made as this machine’s Nix is configured', async () => {
      const configuration = await readConfiguration(8);
      assert.equal(configuration.sandbox, 'on');
      assert.equal(configuration.cores, 3);
      assert.deepStrictEqual(configuration.substituters, []);
      assert.ok(configuration.sandboxPaths.some(({ inside }) => inside === '/usr'));
      assert.equal(configuration.sandboxBuildDirectory, '/build');
      assert.match(configuration.system, /-linux$/);
      assert.equal(configuration.version.major, 2);
    });
  },
);
