import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { encodePath, decodePath } from '../../../src-main/host/byte-path.ts';
import { parseDerivation } from '../../../src-main/nix/aterm.ts';
import type { Derivation } from '../../../src-main/nix/derivation.ts';
import { StrataError } from '../../../src-main/protocol/errors.ts';

/** As Nix's `Derivation::unparse` writes it. */
function unparse(derivation: Derivation): Buffer {
  const list = (items: readonly Buffer[]): Buffer =>
    bytes('[', ...items.flatMap((item, index) => (index === 0 ? [item] : [',', item])), ']');
  const { outputs, inputDerivations, inputSources, system, builder, args, env } = derivation;
  return bytes(
    'Derive(',
    list(
      [...outputs].map(([name, { path, hashAlgorithm, hash }]) =>
        bytes('(', s(name), ',', s(path), ',', s(hashAlgorithm), ',', s(hash), ')'),
      ),
    ),
    ',',
    list([...inputDerivations].map(([p, names]) => bytes('(', s(p), ',', list(names.map(s)), ')'))),
    ',',
    list(inputSources.map(s)),
    ',',
    s(system),
    ',',
    s(builder),
    ',',
    list(args.map(s)),
    ',',
    list([...env].map(([name, value]) => bytes('(', s(name), ',', s(value), ')'))),
    ')',
  );
}

function bytes(...parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

function s(text: string): Buffer {
  const escaped = encodePath(text)
    .toString('latin1')
    .replace(/["\\]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return Buffer.from(`"${escaped}"`, 'latin1');
}

const anyBytes = fc.uint8Array({ maxLength: 40 }).map(decodePath);
const nasty = fc.oneof(
  anyBytes,
  fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\r', '\t', '(', '[', ',', 'ü') }),
);
const path = nasty.map((text) => `/${text}`);

const derivations: fc.Arbitrary<Derivation> = fc.record(
  {
    outputs: fc
      .array(
        fc.tuple(
          nasty,
          fc.record(
            { path: fc.oneof(path, fc.constant('')), hashAlgorithm: nasty, hash: nasty },
            { noNullPrototype: true },
          ),
        ),
        { minLength: 1 },
      )
      .map((entries) => new Map(entries)),
    inputDerivations: fc.array(fc.tuple(path, fc.array(nasty))).map((entries) => new Map(entries)),
    inputSources: fc.array(path),
    system: nasty,
    builder: nasty,
    args: fc.array(nasty),
    env: fc.array(fc.tuple(nasty, nasty)).map((entries) => new Map(entries)),
  },
  { noNullPrototype: true },
);

function failure(text: string | Uint8Array): StrataError {
  const input = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  try {
    parseDerivation(input, 'x.drv');
  } catch (error) {
    assert.ok(error instanceof StrataError, String(error));
    return error;
  }
  assert.fail('it was read');
}

const SMALL =
  'Derive([("out","/nix/store/a-x","","")],[("/nix/store/b.drv",["dev","out"])],["/nix/store/s"],' +
  '"x86_64-linux","/bin/sh",["-c","echo \\"hi\\"\\n\\t\\\\"],[("name","x"),("out","/nix/store/a-x")])';

describe('reading a .drv file', () => {
  test('gives every part of it', () => {
    assert.deepStrictEqual(parseDerivation(Buffer.from(SMALL), 'x.drv'), {
      outputs: new Map([['out', { path: '/nix/store/a-x', hashAlgorithm: '', hash: '' }]]),
      inputDerivations: new Map([['/nix/store/b.drv', ['dev', 'out']]]),
      inputSources: ['/nix/store/s'],
      system: 'x86_64-linux',
      builder: '/bin/sh',
      args: ['-c', 'echo "hi"\n\t\\'],
      env: new Map([
        ['name', 'x'],
        ['out', '/nix/store/a-x'],
      ]),
    });
  });

  test('gives back what was written, whatever bytes it holds', () => {
    fc.assert(
      fc.property(derivations, (derivation) => {
        assert.deepStrictEqual(parseDerivation(unparse(derivation), 'x.drv'), derivation);
      }),
    );
  });

  test('refuses every beginning of a derivation, naming the byte', () => {
    const whole = Buffer.from(SMALL);
    for (let length = 0; length < whole.length; length += 1) {
      const error = failure(whole.subarray(0, length));
      assert.equal(error.code, 'format');
      assert.match(error.reason, /^no derivation: at byte \d+/);
    }
  });

  test('says where it stops being a derivation', () => {
    assert.equal(
      failure('Derive([("out","relative","","")]').reason,
      'no derivation: at byte 25 an output path must be absolute',
    );
    assert.equal(
      failure('').reason,
      'no derivation: at byte 0, the end of the file, ‘Derive(’ is expected',
    );
    assert.equal(
      failure(`${SMALL}\n`).reason,
      `no derivation: at byte ${SMALL.length} the derivation ends here, the file does not`,
    );
    assert.equal(
      failure('Derive([("out').reason,
      'no derivation: at byte 13, the end of the file, the string that begins at byte 9 has no end',
    );
  });

  test('never throws anything but its own error on damaged input', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(SMALL.length), (noise, at) => {
        const damaged = Buffer.from(SMALL);
        damaged.set(noise.subarray(0, damaged.length - at), at);
        try {
          parseDerivation(damaged, 'x.drv');
        } catch (error) {
          assert.ok(error instanceof StrataError, String(error));
        }
      }),
    );
  });

  test('takes time in proportion to hostile and huge input', () => {
    const begin = 'Derive([("out","/nix/store/a-x","","")],[],[],"s","b",[],[("v","';
    const inputs = [
      begin + '\\'.repeat(20_000_000),
      `${begin}${'\\n'.repeat(10_000_000)}")])`,
      `Derive([("out","/a","","")],[],[${'"/a",'.repeat(2_000_000)}`,
      `Derive(${'['.repeat(20_000_000)}`,
      `Derive([("out","/a","","")],[],[],"s","b",[],[${'("a","b"),'.repeat(1_000_000)}("c","d")])`,
    ];
    for (const input of inputs) {
      const started = performance.now();
      try {
        parseDerivation(Buffer.from(input), 'x.drv');
      } catch (error) {
        assert.ok(error instanceof StrataError, String(error));
      }
      const ms = performance.now() - started;
      assert.ok(ms < 5000, `${ms} ms for ${input.slice(0, 40)}`);
    }
  });

  test('reads the newer format where it is the same derivation', () => {
    const newer = SMALL.replace('Derive(', 'DrvWithVersion("xp-dyn-drv",').replace(
      '["dev","out"]',
      '(["dev","out"],[])',
    );
    assert.deepStrictEqual(
      parseDerivation(Buffer.from(newer), 'x.drv'),
      parseDerivation(Buffer.from(SMALL), 'x.drv'),
    );
    const error = failure(newer.replace('],[])', '],[("out",["x"])])'));
    assert.equal(error.code, 'environment');
    assert.equal(error.reason, 'the derivation needs a derivation that /nix/store/b.drv makes');
  });
});
