import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { parseLogLine } from '../../../src-main/nix/log-events.ts';
import type { LogEvent } from '../../../src-main/nix/log-events.ts';
import { LogStream } from '../../../src-main/nix/log-stream.ts';
import { NOTHING_REALISED, advance } from '../../../src-main/nix/realisation-progress.ts';
import type { RealisationProgress } from '../../../src-main/nix/realisation-progress.ts';

const FIXTURES = resolve(import.meta.dirname, '../../../../shared/fixtures/nix-log');
const recorded = existsSync(FIXTURES);
const reason = recorded ? '' : ` (skipped: no recorded logs in ${FIXTURES})`;

function read(name: string): LogEvent[] {
  const stream = new LogStream();
  return [...stream.push(readFileSync(resolve(FIXTURES, name))), ...stream.end()];
}

function follow(events: readonly LogEvent[]): RealisationProgress {
  return events.reduce(advance, NOTHING_REALISED);
}

describe('a line of Nix’s log', () => {
  test('keeps ids exactly, beyond what a number holds', () => {
    const line =
      '@nix {"action":"start","fields":["/nix/store/a.drv","",1,1],"id":9223372036854775807,' +
      '"level":3,"parent":9007199254740993,"text":"building","type":105}';
    assert.deepStrictEqual(parseLogLine(line), {
      kind: 'start',
      id: '9223372036854775807',
      parent: '9007199254740993',
      level: 3,
      text: 'building',
      activity: { kind: 'build', derivation: '/nix/store/a.drv', machine: '' },
    });
  });

  test('is not changed where a builder prints something that looks like an id', () => {
    const printed = '{,"id":12345678901234567890,"parent":7}';
    const json = { action: 'result', fields: [printed], id: 7, type: 101 };
    assert.deepStrictEqual(parseLogLine(`@nix ${JSON.stringify(json)}`), {
      kind: 'result',
      id: '7',
      result: { kind: 'build-log-line', line: printed },
    });
  });

  test('may lack its parent and its fields', () => {
    assert.deepStrictEqual(
      parseLogLine('@nix {"action":"start","id":1,"level":0,"text":"","type":102}'),
      {
        kind: 'start',
        id: '1',
        parent: null,
        level: 0,
        text: '',
        activity: { kind: 'realise' },
      },
    );
    assert.deepStrictEqual(parseLogLine('@nix {"action":"result","id":1,"type":105}'), {
      kind: 'result',
      id: '1',
      result: { kind: 'progress', done: 0, expected: 0, running: 0, failed: 0 },
    });
  });

  test('is kept where its type or action is not known', () => {
    assert.deepStrictEqual(
      parseLogLine('@nix {"action":"result","fields":["x"],"id":1,"type":999}'),
      {
        kind: 'result',
        id: '1',
        result: { kind: 'other', type: 999, fields: ['x'] },
      },
    );
    const line = '@nix {"action":"dance"}';
    assert.deepStrictEqual(parseLogLine(line), { kind: 'other', line });
  });

  test('is plain text where it is no JSON of Nix', () => {
    for (const line of ['', 'warning: x', '@nix', '@nix {"action":"sto', '@nix nonsense']) {
      assert.deepStrictEqual(parseLogLine(line), { kind: 'text', line });
    }
    assert.deepStrictEqual(parseLogLine('@nix 3'), { kind: 'other', line: '@nix 3' });
  });

  test('never throws, whatever it holds', () => {
    const lines = fc.oneof(
      fc.string(),
      fc.json().map((json) => `@nix ${json}`),
      fc
        .record({
          action: fc.constantFrom('start', 'stop', 'result', 'msg', 'x'),
          id: fc.anything(),
          type: fc.oneof(fc.integer({ min: 99, max: 115 }), fc.anything()),
          fields: fc.oneof(fc.array(fc.anything()), fc.anything()),
          level: fc.anything(),
          msg: fc.anything(),
        })
        .map((json) => `@nix ${stringify(json)}`),
    );
    fc.assert(fc.property(fc.array(lines), (all) => void follow(all.map(parseLogLine))));
  });
});

describe('a stream of log lines', () => {
  const text = '@nix {"action":"stop","id":1}\nüber\r\n\n@nix {"action":"stop","id":2}';

  test('gives the same events however it is cut', () => {
    const whole: LogEvent[] = [
      { kind: 'stop', id: '1' },
      { kind: 'text', line: 'über\r' },
      { kind: 'text', line: '' },
      { kind: 'stop', id: '2' },
    ];
    fc.assert(
      fc.property(fc.array(fc.nat(Buffer.byteLength(text))), (cuts) => {
        const stream = new LogStream();
        const bytes = Buffer.from(text);
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const events = edges
          .slice(1)
          .flatMap((end, at) => stream.push(bytes.subarray(edges[at], end)));
        assert.deepStrictEqual([...events, ...stream.end()], whole);
      }),
    );
  });

  test('does not keep a line without end', () => {
    const stream = new LogStream();
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const events = Array.from({ length: 40 }, () => stream.push(chunk)).flat();
    assert.equal(events.length, 2);
  });

  // How long that takes is a row of the benchmarks: nix-log.
  test('counts a million lines (95 MB), chunk by chunk', () => {
    const line = `@nix ${JSON.stringify({ action: 'result', fields: ['cc -c -o file.o '.padEnd(30, 'x')], id: 52475910422533, type: 101 })}\n`;
    const chunk = Buffer.from(line.repeat(1000));
    const stream = new LogStream();
    let count = 0;
    for (let round = 0; round < 1000; round += 1) count += stream.push(chunk).length;
    assert.equal(count, 1_000_000);
  });
});

describe.skipIf(!recorded)(`recorded logs${reason}`, () => {
  const versions = recorded ? readdirSync(FIXTURES) : [];

  test.each(versions)('of Nix %s are understood to the last line', (version) => {
    const events = read(`${version}/hello.log`);
    const unknown = events.filter(
      (event) =>
        event.kind === 'other' ||
        event.kind === 'text' ||
        (event.kind === 'result' && event.result.kind === 'other') ||
        (event.kind === 'start' && event.activity.kind === 'other' && event.activity.type !== 0),
    );
    assert.deepStrictEqual(unknown, []);
    const phases = events.flatMap((event) =>
      event.kind === 'result' && event.result.kind === 'set-phase' ? [event.result.phase] : [],
    );
    assert.ok(phases.includes('buildPhase') && phases.includes('fixupPhase'), phases.join());
    const { running, builds, failed } = follow(events);
    assert.deepStrictEqual(
      { running: running.size, built: builds.done > 0, failed },
      { running: 0, built: true, failed: [] },
    );
  });

  test.each(versions)(
    'of Nix %s name the dependency that failed, and its last lines',
    (version) => {
      const { failed, errors } = follow(read(`${version}/dependency-failure.log`));
      assert.deepStrictEqual(
        failed.map(({ derivation, lines }) => ({ derivation, last: lines.length > 0 })),
        [{ derivation: '/nix/store/wskiw0f1zcqfr1wahdisy803bz8bqmpq-dep.drv', last: true }],
      );
      assert.equal(errors.length, 2);
    },
  );
});

describe('progress', () => {
  test('counts the bytes of transfers', () => {
    const log = [
      { action: 'start', id: 1, level: 3, text: '', type: 103 },
      {
        action: 'start',
        id: 2,
        level: 3,
        text: '',
        type: 108,
        fields: ['/nix/store/a', 'https://c'],
      },
      {
        action: 'start',
        id: 3,
        level: 3,
        text: '',
        type: 101,
        fields: ['https://c/a.nar'],
        parent: 2,
      },
      { action: 'result', id: 3, type: 105, fields: [10, 100, 0, 0] },
      { action: 'result', id: 1, type: 105, fields: [0, 4, 1, 0] },
    ].map((json) => parseLogLine(`@nix ${JSON.stringify(json)}`));
    const during = follow(log);
    assert.deepStrictEqual(
      [...during.running.values()],
      [
        { kind: 'fetch', path: '/nix/store/a', from: 'https://c' },
        { kind: 'transfer', path: 'https://c/a.nar', done: 10, expected: 100 },
      ],
    );
    assert.deepStrictEqual(during.paths, { done: 0, expected: 4 });
    assert.equal(advance(during, { kind: 'stop', id: '3' }).transferredBytes, 10);
  });

  test.each([
    ["builder for '/nix/store/a.drv' failed with exit code 1", '/nix/store/a.drv'],
    [
      "hash mismatch in fixed-output derivation '/nix/store/a.drv':\n  specified: x",
      '/nix/store/a.drv',
    ],
    [
      "Cannot build '/nix/store/a.drv'.\n       Reason: builder failed with exit code 2.",
      '/nix/store/a.drv',
    ],
    [
      "a 'mips-linux' with features {} is required to build '/nix/store/a.drv', but I am",
      '/nix/store/a.drv',
    ],
    ["1 dependencies of derivation '/nix/store/a.drv' failed to build", undefined],
    ["Cannot build '/nix/store/a.drv'.\n       Reason: 1 dependency failed.", undefined],
    ["build of '/nix/store/a.drv', '/nix/store/b.drv' failed", undefined],
  ])('takes from ‘%s’ what failed by itself', (message, derivation) => {
    const progress = advance(NOTHING_REALISED, {
      kind: 'message',
      level: 0,
      message: `\u001b[31;1merror:\u001b[0m ${message}`,
    });
    assert.deepStrictEqual(
      progress.failed.map((failed) => failed.derivation),
      derivation === undefined ? [] : [derivation],
    );
  });
});

function stringify(value: unknown): string {
  try {
    return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? 0 : item));
  } catch {
    return '{}';
  }
}
