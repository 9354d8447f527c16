/** Targets, evaluated by real Nix. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { attributes, evaluate } from '../../../src-main/nix/evaluate.ts';
import { EvaluationError } from '../../../src-main/nix/evaluation-error.ts';
import { parseTarget } from '../../../src-main/nix/target.ts';
import { StrataError } from '../../../src-main/protocol/errors.ts';
import { NO_NIX, isolateStore } from './isolated-store.ts';
import type { IsolatedStore } from './isolated-store.ts';

const SET = `
  { suffix ? "", allow ? builtins.getEnv "NIXPKGS_ALLOW_UNFREE" }:
  let
    named = name: derivation {
      name = name + suffix + allow; system = builtins.currentSystem; builder = "/bin/sh"; outputs = [ "out" "dev" ];
    };
  in {
    a = named "a";
    b = named "b";
    nested.c = named "c";
    broken = throw "this one is broken";
    notOne = 3;
  }`;

describe.skipIf(NO_NIX !== null)(`evaluation${NO_NIX ? ` (${NO_NIX})` : ''}`, () => {
  let store: IsolatedStore;
  let file: string;
  beforeAll(() => {
    store = isolateStore();
    file = store.write('set.nix', SET);
  });
  afterAll(() => store.remove());

  async function nameOf(words: string, attribute: string | null, options = {}): Promise<string> {
    const target = parseTarget(words, attribute, store.directory);
    const { drvPath } = await evaluate(target, options);
    assert.ok(drvPath.startsWith(`${store.storeDirectory}/`));
    return drvPath.slice(store.storeDirectory.length + 34);
  }

  async function failure(words: string, attribute: string | null): Promise<StrataError> {
    try {
      await nameOf(words, attribute);
    } catch (error) {
      assert.ok(error instanceof StrataError, String(error));
      return error;
    }
    assert.fail('it evaluates');
  }

  test('gives the derivation of an attribute, and leaves no link behind', async () => {
    const before = readdirSync(store.directory);
    assert.equal(await nameOf('set.nix', 'a'), 'a.drv');
    assert.equal(await nameOf('set.nix', 'nested.c'), 'c.drv');
    assert.equal(await nameOf('set.nix', 'a.dev'), 'a.drv');
    assert.deepStrictEqual(readdirSync(store.directory), before);
  });

  test('takes Nix’s own options and environment', async () => {
    assert.equal(
      await nameOf('set.nix', 'a', { argstrs: [['suffix', '-x y'.replace(' ', '')]] }),
      'a-xy.drv',
    );
    assert.equal(await nameOf('set.nix', 'a', { args: [['suffix', '"-" + "z"']] }), 'a-z.drv');
    process.env['NIXPKGS_ALLOW_UNFREE'] = '1';
    assert.equal(await nameOf('set.nix', 'a'), 'a1.drv');
    Reflect.deleteProperty(process.env, 'NIXPKGS_ALLOW_UNFREE');
    assert.equal(await nameOf('<set>', 'a', { includes: [`set=${file}`] }), 'a.drv');
  });

  test('finds with changed attributes what it finds without', async () => {
    store.write(
      'called.nix',
      `{ set = { suffix ? "" }: { list = [ (derivation {
        name = "d" + suffix; system = builtins.currentSystem; builder = "/bin/sh";
      }) ]; }; }`,
    );
    const changes = new Map([['name', 'changed']]);
    const plain = { argstrs: [['suffix', '-s']] };
    assert.equal(await nameOf('called.nix', 'set.list.0', plain), 'd-s.drv');
    assert.equal(await nameOf('called.nix', 'set.list.0', { ...plain, changes }), 'changed.drv');
  });

  test('names the attributes where a file has several derivations', async () => {
    store.write('several.nix', SET.replace('broken', '# broken'));
    const error = await failure('several.nix', null);
    assert.equal(error.code, 'usage');
    assert.equal(error.advice, 'choose one with -A: a, b, nested');
    assert.deepStrictEqual(error.choices, ['a', 'b', 'nested']);
    assert.equal((await failure('set.nix', 'notOne')).code, 'nix');
  });

  test('lists the attributes of a file without evaluating them', async () => {
    assert.deepStrictEqual(await attributes(file), ['a', 'b', 'broken', 'nested', 'notOne']);
    const odd = store.write('odd "$' + '{x} name.nix', '[ 1 ]');
    assert.deepStrictEqual(await attributes(odd), []);
  });

  test('fails with Nix’s own words and the place in the file', async () => {
    const error = await failure('set.nix', 'broken');
    assert.ok(error instanceof EvaluationError);
    assert.equal(error.reason, 'this one is broken');
    assert.match(error.output ?? '', /error:.*this one is broken/s);

    store.write('syntax.nix', '{\n  x = ;\n}');
    const syntax = await failure('syntax.nix', 'x');
    assert.ok(syntax instanceof EvaluationError);
    assert.deepStrictEqual(syntax.positions, [
      { file: join(store.directory, 'syntax.nix'), line: 2, column: 7 },
    ]);
  });

  test('gives the derivation of a flake, its default among them', async () => {
    const flake = join(store.directory, 'flake');
    mkdirSync(flake);
    store.write(
      'flake/flake.nix',
      `{ outputs = { self }: {
           packages.x86_64-linux = rec {
             default = hello;
             hello = derivation { name = "hello"; system = "x86_64-linux"; builder = "/bin/sh"; };
             impure = derivation { name = "of-" + builtins.getEnv "WHO"; system = "x86_64-linux"; builder = "/bin/sh"; };
           };
         }; }`,
    );
    const flags = { options: [['system', 'x86_64-linux']] as const };
    assert.equal(await nameOf('flake', null, flags), 'hello.drv');
    assert.equal(await nameOf('./flake#hello', null, flags), 'hello.drv');
    assert.equal(await nameOf('flake', 'hello', flags), 'hello.drv');
    process.env['WHO'] = 'me';
    assert.equal(await nameOf('flake', 'impure', flags), 'of-.drv');
    assert.equal(await nameOf('flake', 'impure', { ...flags, impure: true }), 'of-me.drv');
    assert.equal((await failure('./flake#none', null)).code, 'nix');
    await assert.rejects(nameOf('flake', null, { argstrs: [['x', 'y']] }), { code: 'usage' });
  });

  test('says what is impure in a flake, where in its own files, and the fix', async () => {
    const flake = join(store.directory, 'impure');
    mkdirSync(join(flake, 'lib'), { recursive: true });
    const named = (name: string) =>
      `derivation { name = ${name}; system = "x86_64-linux"; builder = "/bin/sh"; }`;
    store.write(
      'impure/flake.nix',
      `{ outputs = { self }: {
           packages.x86_64-linux = {
             nixpkgs = import ./lib/hello.nix;
             machine = ${named('builtins.currentSystem')};
             path = ${named('builtins.readFile /etc/hostname')};
             fetched = import (fetchTarball "https://example.org/a.tar.gz");
             missing = import ./missing.nix;
           };
         }; }`,
    );
    store.write('impure/lib/hello.nix', '\n(import <nixpkgs> { }).hello');
    const options = [['system', 'x86_64-linux']] as const;
    const failed = async (attribute: string): Promise<EvaluationError> => {
      const target = parseTarget(flake, attribute, store.directory);
      const error = await evaluate(target, { options }).catch((thrown: unknown) => thrown);
      assert.ok(error instanceof EvaluationError, String(error));
      return error;
    };
    const nixpkgs = await failed('nixpkgs');
    assert.deepStrictEqual(nixpkgs.positions[0], {
      file: join(flake, 'lib/hello.nix'),
      line: 2,
      column: 9,
    });
    assert.match(nixpkgs.advice ?? '', /inputs\.nixpkgs\.url = .*\n.*--impure$/s);
    const machine = await failed('machine');
    assert.equal(machine.positions[0]?.file, join(flake, 'flake.nix'));
    assert.equal(machine.positions[0].line, 4);
    assert.match(machine.advice ?? '', /name the system: packages\.x86_64-linux/);
    assert.match((await failed('path')).advice ?? '', /^\/etc.* lies outside the flake/);
    assert.match((await failed('fetched')).advice ?? '', /give the hash: fetchTarball/);
    const missing = await failed('missing');
    assert.match(missing.advice ?? '', /git add missing\.nix$/);
    assert.equal(await nameOf(flake, 'machine', { options, impure: true }), 'x86_64-linux.drv');
  });

  test('of a file is pure where the setting says so, unless it may be impure', async () => {
    const options = [['pure-eval', 'true']] as const;
    const target = parseTarget('set.nix', 'nested.c', store.directory);
    await assert.rejects(evaluate(target, { options }), (error) => {
      assert.match(error instanceof StrataError ? (error.advice ?? '') : '', /: --impure$/);
      return true;
    });
    assert.equal(await nameOf('set.nix', 'nested.c', { options, impure: true }), 'c.drv');
  });

  test('takes a .drv, or a link to one, as it is', async () => {
    const { drvPath } = await evaluate({ kind: 'file', file, attribute: 'a' });
    symlinkSync(drvPath, join(store.directory, 'link'));
    assert.equal(await nameOf(drvPath, null), 'a.drv');
    assert.equal(await nameOf('link', null), 'a.drv');
    await assert.rejects(evaluate({ kind: 'drv', path: '/nix/store/none.drv' }), {
      code: 'not-found',
    });
  });

  test('stops at once when it is cancelled', async () => {
    const endless = store.write(
      'endless.nix',
      "let l = builtins.genList (n: n) 30000; sum = builtins.foldl'; in sum (a: x: sum (b: y: b + 1) a l) 0 l",
    );
    const signal = AbortSignal.timeout(300);
    const target = { kind: 'file', file: endless, attribute: null } as const;
    const started = performance.now();
    await assert.rejects(evaluate(target, { signal }), { code: 'cancelled' });
    assert.ok(performance.now() - started < 3000);
  });
});
