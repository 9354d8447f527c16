// Nothing that is read can make the reader fail, and how it comes in pieces makes no difference.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { VERSIONS, isRecorded, read, reason, recorded } from './recorded.ts';

const NAMES = ['dlopen-missing', 'dlopen-ok', 'ld-library-path', 'shell', 'stderr-mixed.log'];

/** Fixtures, changed: lines doubled, lost, swapped between processes, and bytes written over. */
const mutated = fc
  .record({
    version: fc.constantFrom(...VERSIONS),
    names: fc.shuffledSubarray(NAMES, { minLength: 1, maxLength: 3 }),
    changes: fc.array(
      fc.record({
        kind: fc.constantFrom('double', 'lose', 'join', 'overwrite', 'insert'),
        at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        bytes: fc.uint8Array({ minLength: 1, maxLength: 20 }),
      }),
      { maxLength: 12 },
    ),
  })
  .map(({ version, names, changes }) => {
    const text = Buffer.concat(names.flatMap((name) => recorded(version, name)));
    let lines = text.toString('latin1').split('\n');
    for (const { kind, at, bytes } of changes) {
      const line = Math.floor(at * lines.length);
      const own = lines[line] ?? '';
      const given = Buffer.from(bytes).toString('latin1');
      const middle = Math.floor(own.length / 2);
      const replaced = {
        double: [own, own],
        lose: [],
        join: [own + (lines[line + 1] ?? '')],
        overwrite: [own.slice(0, middle) + given],
        insert: [own.slice(0, middle) + given + own.slice(middle)],
      }[kind];
      lines = [...lines.slice(0, line), ...replaced, ...lines.slice(line + 1)];
    }
    return Buffer.from(lines.join('\n'), 'latin1');
  });

const texts = isRecorded ? fc.oneof(mutated, words()) : words();

/** What looks like ld.so's, in any order. */
function words(): fc.Arbitrary<Buffer> {
  const word = fc.constantFrom(
    ...['         1:\t', '         2:\t', '\n', '\n', ':', '\t\t(', ')', '/a', ':/b', ' ', '\r\n'],
    ...[
      'find library=libx.so [0]; searching',
      ' search path=',
      '  trying file=',
      '    (no such file)',
    ],
    ...['RUNPATH from file ', ' search cache=/c', 'calling init: ', 'initialize program: ', 'sh'],
    ...[
      'transferring control: ',
      'calling fini: ',
      ': error: ',
      ' (fatal)',
      'file=/x [0];  needed by y [0]',
    ],
    ...[
      'libx.so: cannot open shared object file',
      'symbol=',
      "binding file a [0] to b [0]: normal symbol `c'",
    ],
  );
  return fc.oneof(
    fc.array(word, { maxLength: 200 }).map((all) => Buffer.from(all.join(''))),
    fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
  );
}

describe(`any text${reason}`, () => {
  test('is read, and all that was tried is in a lookup that is well-formed', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const { lookups } of read(text).processes) {
          for (const { found, tried } of lookups) {
            const taken = tried.filter(({ outcome }) => outcome === 'found');
            assert.deepStrictEqual(
              taken.map(({ path }) => path),
              found === null ? [] : [found],
            );
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('reads the same however it is cut', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(60_000), { maxLength: 30 }), (text, cuts) => {
        const places = [0, ...cuts.map((cut) => cut % (text.length + 1)), text.length];
        places.sort((a, b) => a - b);
        const chunks = places.slice(1).map((end, index) => text.subarray(places[index], end));
        assert.deepStrictEqual(read(...chunks), read(text));
      }),
      { numRuns: 300 },
    );
  });

  test('byte by byte', () => {
    fc.assert(
      fc.property(words(), (text) => {
        const bytes = Array.from(text, (_, at) => text.subarray(at, at + 1));
        assert.deepStrictEqual(read(...bytes), read(text));
      }),
    );
  });
});
