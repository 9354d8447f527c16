/** What Nix's own tests and real Nix do not show: overrides, scratch paths and malformed attributes. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { buildEnvironment, exportedPaths } from '../../../src-main/nix/build-environment.ts';
import type { BuildEnvironment } from '../../../src-main/nix/build-environment.ts';
import type { Derivation } from '../../../src-main/nix/derivation.ts';
import { fixedOutput, isSandboxed } from '../../../src-main/nix/fixed-output.ts';
import {
  graphJson,
  graphText,
  parseValidityRegistration,
} from '../../../src-main/nix/references-graph.ts';
import { placeholder } from '../../../src-main/nix/store-path.ts';
import {
  attributesJson,
  attributesShell,
  parseStructuredAttributes,
} from '../../../src-main/nix/structured-attributes.ts';

const REAL = '/nix/store/clw38khkf2cx5slbwlb1lj3193mqvzbg-t';
const SCRATCH = '/nix/store/00000000000000000000000000000000-t';
const DEP = '/nix/store/11111111111111111111111111111111-dep';

function derivation(env: Record<string, string>, parts: Partial<Derivation> = {}): Derivation {
  return {
    outputs: new Map([['out', { path: REAL, hashAlgorithm: '', hash: '' }]]),
    inputDerivations: new Map(),
    inputSources: [],
    system: 'x86_64-linux',
    builder: '/bin/sh',
    args: [],
    env: new Map(Object.entries(env)),
    ...parts,
  };
}

function build(subject: Derivation, overrides: Record<string, string> = {}): BuildEnvironment {
  return buildEnvironment(subject, {
    scratch: new Map([['out', SCRATCH]]),
    cores: 2,
    overrides: new Map(Object.entries(overrides)),
  });
}

function file(environment: BuildEnvironment, name: string): string {
  const found = environment.files.find(({ path }) => path === `/build/${name}`);
  return Buffer.from(found?.contents ?? []).toString('utf8');
}

describe('the environment of a builder', () => {
  test('has nothing but what Nix gives', () => {
    assert.deepStrictEqual(build(derivation({ out: REAL })), {
      builder: '/bin/sh',
      args: [],
      env: new Map([
        ['HOME', '/homeless-shelter'],
        ['NIX_BUILD_CORES', '2'],
        ['NIX_BUILD_TOP', '/build'],
        ['NIX_LOG_FD', '2'],
        ['NIX_STORE', '/nix/store'],
        ['PATH', '/path-not-set'],
        ['PWD', '/build'],
        ['TEMP', '/build'],
        ['TEMPDIR', '/build'],
        ['TERM', 'xterm-256color'],
        ['TMP', '/build'],
        ['TMPDIR', '/build'],
        ['out', SCRATCH],
      ]),
      files: [],
      outputs: new Map([['out', SCRATCH]]),
      structured: false,
      fixedOutput: null,
      sandboxed: true,
    });
  });

  test('speaks of the scratch output wherever the derivation speaks of its own', () => {
    const subject = derivation(
      {
        flags: `-rpath=${REAL}/lib:${placeholder('out')}/lib`,
        other: DEP,
        passAsFile: 'big',
        big: `x${REAL}x`,
      },
      { builder: `${REAL}/sh`, args: [`--prefix=${placeholder('out')}`] },
    );
    const environment = build(subject);
    assert.equal(environment.builder, `${SCRATCH}/sh`);
    assert.deepStrictEqual(environment.args, [`--prefix=${SCRATCH}`]);
    assert.equal(environment.env.get('flags'), `-rpath=${SCRATCH}/lib:${SCRATCH}/lib`);
    assert.equal(environment.env.get('other'), DEP);
    assert.equal(Buffer.from(environment.files[0]?.contents ?? []).toString(), `x${SCRATCH}x`);
  });

  test('takes overrides as Nix would take attributes', () => {
    const { env } = build(derivation({ doCheck: '', name: 't' }), {
      doCheck: 'true',
      strictDeps: 'false',
      makeFlags: 'V=1',
    });
    assert.equal(env.get('doCheck'), '1');
    assert.equal(env.get('strictDeps'), '');
    assert.equal(env.get('makeFlags'), 'V=1');

    const json = '{"doCheck":false,"env":{"NIX_DEBUG":"0"}}';
    const structured = build(derivation({ __json: json }), {
      doCheck: 'true',
      NIX_DEBUG: '1',
      makeFlags: 'V=1',
    });
    assert.equal(
      file(structured, '.attrs.json'),
      `{"doCheck":true,"env":{"NIX_DEBUG":"1"},"makeFlags":"V=1","outputs":{"out":"${SCRATCH}"}}`,
    );
    assert.equal(structured.env.has('__json'), false);
  });

  test('gives bytes that are no UTF-8 as they were', () => {
    const environment = build(derivation({ passAsFile: 'raw', raw: 'a\udcff' }));
    assert.deepStrictEqual([...(environment.files[0]?.contents ?? [])], [0x61, 0xff]);
  });

  test('has the references graphs that are asked for', () => {
    const subject = derivation({ exportReferencesGraph: `one ${DEP}/bin` });
    assert.deepStrictEqual(exportedPaths(subject), [DEP]);
    const wrong: readonly [string, string][] = [
      ['one', "odd number of tokens in 'exportReferencesGraph': 'one'"],
      [`../x ${DEP}`, "invalid file name '../x' in 'exportReferencesGraph'"],
      ['x /etc', "'exportReferencesGraph' contains a non-store path '/etc'"],
    ];
    for (const [exportReferencesGraph, reason] of wrong) {
      const asked = derivation({ exportReferencesGraph });
      assert.throws(() => build(asked), { code: 'format', reason });
    }
  });

  test('knows fixed and impure outputs', () => {
    const output = (hashAlgorithm: string, hash: string): Derivation =>
      derivation({}, { outputs: new Map([['out', { path: REAL, hashAlgorithm, hash }]]) });
    const cases = [
      output('sha256', 'ab'),
      output('r:sha512', 'cd'),
      output('text:sha256', 'ef'),
      output('r:sha256', ''),
      output('r:sha256', 'impure'),
    ];
    assert.deepStrictEqual(cases.map(fixedOutput), [
      { algorithm: 'sha256', mode: 'flat', hash: 'ab' },
      { algorithm: 'sha512', mode: 'recursive', hash: 'cd' },
      { algorithm: 'sha256', mode: 'flat', hash: 'ef' },
      null,
      null,
    ]);
    assert.deepStrictEqual(cases.map(isSandboxed), [false, false, false, true, false]);
    assert.throws(() => fixedOutput(output('git:sha1', 'ab')), { code: 'environment' });
  });
});

describe('structured attributes', () => {
  test('keep numbers that JavaScript has not', () => {
    const json = '{"a":9223372036854775807,"b":1.0,"c":1e+20,"d":-0,"e":[1.5,"2.0",-7]}';
    assert.equal(attributesJson(parseStructuredAttributes(json)), json);
  });

  test('are written as JSON that says the same, keys sorted', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ depthSize: 'small' })),
        (value) => {
          const json = attributesJson(parseStructuredAttributes(JSON.stringify(value)));
          assert.deepStrictEqual(JSON.parse(json), JSON.parse(JSON.stringify(value)));
        },
      ),
    );
  });

  test('are shell code where bash can hold them', () => {
    const attributes = parseStructuredAttributes(
      `{"s":"it's","t":true,"f":false,"n":null,"i":3,"x":1.5,"w":2.0,"big":4294967297,
        "l":["a",1,false],"m":[[1]],"o":{"k v":"x"},"p":{"q":{}},"odd-name":1}`,
    );
    assert.equal(
      attributesShell(attributes),
      [
        'declare big=1',
        'declare f=',
        'declare i=3',
        "declare -a l=('a' 1  )",
        "declare n=''",
        "declare -A o=(['k v']='x' )",
        "declare s='it'\\''s'",
        'declare t=1',
        'declare w=2',
        '',
      ].join('\n'),
    );
  });

  test('that are no object, or made to harm, are refused', () => {
    const hostile = ['', '[]', '3', '{"a":', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`];
    for (const json of hostile) {
      assert.throws(() => build(derivation({ __json: json })), { code: 'format' });
    }
  });

  test('may be of megabytes', () => {
    const text = 'x"\\\n'.repeat(2_000_000);
    const started = performance.now();
    const attributes = parseStructuredAttributes(JSON.stringify({ text }));
    assert.equal(attributes['text'], text);
    assert.ok(attributesShell(attributes).length > text.length);
    assert.ok(performance.now() - started < 5000);
  });
});

describe('a references graph', () => {
  const registration = [
    [DEP, '00'.repeat(32), '100', '/nix/store/x.drv', '1', DEP],
    [REAL, 'ff'.repeat(32), '20', '', '1', DEP],
    [SCRATCH, '00'.repeat(32), '3', '', '0'],
  ]
    .map((lines) => `${lines.join('\n')}\n`)
    .join('');
  const graph = parseValidityRegistration(registration, new Map([[SCRATCH, 'text:sha256:0']]));

  test('is text without derivers and hashes for plain derivations', () => {
    assert.equal(
      graphText(graph),
      [DEP, '', '1', DEP, REAL, '', '1', DEP, SCRATCH, '', '0', ''].join('\n'),
    );
  });

  test('is JSON with the sizes of closures for structured ones', () => {
    const zero = `sha256:${'0'.repeat(52)}`;
    assert.deepStrictEqual(graphJson(graph), [
      { closureSize: 100, narHash: zero, narSize: 100, path: DEP, references: [DEP], valid: true },
      {
        closureSize: 120,
        narHash: `sha256:1${'z'.repeat(51)}`,
        narSize: 20,
        path: REAL,
        references: [DEP],
        valid: true,
      },
      {
        ca: 'text:sha256:0',
        closureSize: 3,
        narHash: zero,
        narSize: 3,
        path: SCRATCH,
        references: [],
        valid: true,
      },
    ]);
  });
});
