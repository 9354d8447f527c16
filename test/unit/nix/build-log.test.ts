import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { BuildLog, type DerivationBuild } from '../../../src-main/nix/build-log.ts';
import { parseLogLine } from '../../../src-main/nix/log-events.ts';
import { LogStream } from '../../../src-main/nix/log-stream.ts';

const FIXTURES = resolve(import.meta.dirname, '../../../../shared/fixtures/nix-log');
const recorded = existsSync(FIXTURES);
const reason = recorded ? '' : ` (skipped: no recorded logs in ${FIXTURES})`;

const DEP = '/nix/store/wskiw0f1zcqfr1wahdisy803bz8bqmpq-dep.drv';
const TOP = '/nix/store/j4mjf3wgrhlfwrjmp0hin18jc5hz5wjp-top.drv';

interface Followed {
  readonly log: BuildLog;
  /** By derivation. */
  readonly printed: ReadonlyMap<string, readonly string[]>;
}

/** Follows a log in which each line arrives a millisecond after the one before. */
function follow(
  lines: readonly (string | object)[],
  outcome: 'succeeded' | 'failed' = 'succeeded',
  afterFailure: 'end' | 'go-on' = 'end',
): Followed {
  const printed = new Map<string, string[]>();
  const log = new BuildLog(({ derivation, text, number }) => {
    const texts = printed.get(derivation) ?? [];
    printed.set(derivation, texts);
    assert.equal(number, texts.length);
    texts.push(text);
  }, afterFailure);
  lines.forEach((line, at) => {
    const text = typeof line === 'string' ? line : `@nix ${JSON.stringify(line)}`;
    log.take(parseLogLine(text), at);
  });
  log.end(outcome, lines.length);
  return { log, printed };
}

const start = (id: number, type: number, fields: readonly unknown[], parent = 0): object => ({
  action: 'start',
  id,
  level: 3,
  parent,
  text: '',
  type,
  fields,
});
const stop = (id: number): object => ({ action: 'stop', id });
const result = (id: number, type: number, ...fields: readonly unknown[]): object => ({
  action: 'result',
  id,
  type,
  fields,
});
const message = (msg: string, level = 3): object => ({ action: 'msg', level, msg });
const states = (log: BuildLog): Record<string, string> =>
  Object.fromEntries(log.derivations.map(({ derivation, state }) => [derivation, state]));

describe('a build by Nix', () => {
  test('is its derivations, each with its phases, lines and machine', () => {
    const { log, printed } = follow([
      message('these 2 derivations will be built:'),
      message('  /nix/store/b.drv'),
      message('  /nix/store/a.drv'),
      start(1, 104, []),
      start(2, 105, ['/nix/store/b.drv', 'ssh://mac', 1, 1]),
      result(2, 101, 'Running phase: buildPhase'),
      result(2, 104, 'buildPhase'),
      result(2, 101, 'cc'),
      result(2, 104, 'installPhase'),
      stop(2),
    ]);
    const b: DerivationBuild = {
      derivation: '/nix/store/b.drv',
      state: 'built',
      machine: 'ssh://mac',
      phases: [
        { name: 'buildPhase', line: 0, startedAt: 5, endedAt: 8 },
        { name: 'installPhase', line: 2, startedAt: 8, endedAt: 9 },
      ],
      startedAt: 4,
      endedAt: 9,
      lines: 2,
      reason: null,
      waitsFor: null,
    };
    const a: DerivationBuild = {
      derivation: '/nix/store/a.drv',
      state: 'not-built',
      machine: null,
      phases: [],
      startedAt: null,
      endedAt: null,
      lines: 0,
      reason: null,
      waitsFor: null,
    };
    assert.deepStrictEqual(log.derivations, [b, a]);
    assert.deepStrictEqual(printed.get('/nix/store/b.drv'), ['Running phase: buildPhase', 'cc']);
  });

  test('tells from its messages, before or after a stop, what failed and what was stopped for it', () => {
    const begin = [
      start(1, 105, ['/nix/store/a.drv', '', 1, 1]),
      start(2, 105, ['/nix/store/b.drv', '', 1, 1]),
      start(3, 105, ['/nix/store/early.drv', '', 1, 1]),
      stop(3),
    ];
    const failure = message("error: builder for '/nix/store/a.drv' failed with exit code 2", 0);
    const waiting = message("error: 1 dependencies of derivation '/nix/store/c.drv' failed", 0);
    const expected = {
      '/nix/store/a.drv': 'failed',
      '/nix/store/b.drv': 'stopped',
      '/nix/store/early.drv': 'built',
      '/nix/store/c.drv': 'input-failed',
    };
    for (const order of [
      [failure, stop(1), stop(2), waiting],
      [stop(1), failure, stop(2), waiting],
    ]) {
      assert.deepStrictEqual(states(follow([...begin, ...order], 'failed').log), expected);
      const going = follow([...begin, ...order], 'failed', 'go-on').log;
      assert.deepStrictEqual(states(going), { ...expected, '/nix/store/b.drv': 'built' });
    }
  });

  test('that a person ended has no builds but stopped ones', () => {
    const log = new BuildLog(() => undefined);
    const line = JSON.stringify(start(1, 105, ['/nix/store/a.drv', '', 1, 1]));
    log.take(parseLogLine(`@nix ${line}`), 1);
    log.interrupt();
    log.take(parseLogLine('@nix {"action":"stop","id":1}'), 2);
    log.end('failed', 3);
    assert.deepStrictEqual(states(log), { '/nix/store/a.drv': 'stopped' });
  });

  test('knows builds with no stop of their own as ended with all of them', () => {
    const { log } = follow([
      start(1, 104, []),
      start(2, 105, ['/nix/store/a.drv', '', 1, 1], 1),
      stop(1),
      message('later'),
    ]);
    assert.deepStrictEqual(
      log.derivations.map(({ state, endedAt }) => [state, endedAt]),
      [['built', 2]],
    );
    assert.deepStrictEqual(log.messages, ['later']);
  });

  test('says what a derivation waits for, and gives the lines of its hook', () => {
    const log = new BuildLog(() => undefined);
    const take = (line: object, at: number): void =>
      log.take(parseLogLine(`@nix ${JSON.stringify(line)}`), at);
    const waits = { ...start(1, 111, ['/nix/store/a.drv']), text: 'waiting for a machine' };
    take(waits, 1);
    assert.equal(log.derivations[0]?.waitsFor, 'waiting for a machine');
    take(stop(1), 2);
    take(start(2, 110, ['/nix/store/a.drv']), 3);
    take(result(2, 107, 'uploading'), 4);
    take(stop(2), 5);
    const [first] = log.derivations;
    assert.deepStrictEqual(
      { waitsFor: first.waitsFor, phases: first.phases, lines: first.lines },
      {
        waitsFor: null,
        phases: [{ name: 'post-build-hook', line: 0, startedAt: 3, endedAt: 5 }],
        lines: 1,
      },
    );
  });

  test('gives what has changed since a version, and nothing else', () => {
    const log = new BuildLog(() => undefined);
    const take = (line: object): void => log.take(parseLogLine(`@nix ${JSON.stringify(line)}`), 1);
    take(start(1, 105, ['/nix/store/a.drv', '', 1, 1]));
    take(start(2, 105, ['/nix/store/b.drv', '', 1, 1]));
    const { version, derivations } = log.since(0);
    assert.equal(derivations.length, 2);
    take(result(1, 101, 'a line'));
    const changed = log.since(version).derivations;
    assert.deepStrictEqual(
      changed.map(({ derivation, lines }) => [derivation, lines]),
      [['/nix/store/a.drv', 1]],
    );
    assert.deepStrictEqual(log.since(log.version).derivations, []);
  });

  test('makes one transfer of a substitution, its copy and its download', () => {
    const { log } = follow([
      message('this path will be fetched (0.04 MiB download, 0.20 MiB unpacked):'),
      message('  /nix/store/a'),
      start(1, 108, ['/nix/store/a', 'https://cache']),
      start(2, 100, ['/nix/store/a', 'https://cache', 'local'], 1),
      start(3, 101, ['https://cache/a.nar.xz'], 2),
      result(3, 105, 10, 100, 0, 0),
      result(2, 105, 777, 999, 0, 0),
      stop(3),
      stop(2),
      stop(1),
      start(4, 101, ['https://example.org/x.tar.gz']),
    ]);
    assert.deepStrictEqual(log.transfers, [
      {
        path: '/nix/store/a',
        kind: 'substitute',
        from: 'https://cache',
        to: '',
        state: 'ended',
        startedAt: 2,
        endedAt: 9,
        done: 10,
        expected: 100,
      },
      {
        path: 'https://example.org/x.tar.gz',
        kind: 'download',
        from: 'https://example.org/x.tar.gz',
        to: '',
        state: 'ended',
        startedAt: 10,
        endedAt: 11,
        done: 0,
        expected: 0,
      },
    ]);
  });

  test('takes phases from heads of nixpkgs before 2023 too, unless a builder names them otherwise', () => {
    const printing = (...lines: readonly string[]): readonly string[] => {
      const { log } = follow([
        start(1, 105, ['/nix/store/a.drv', '', 1, 1]),
        ...lines.map((line) => result(1, 101, line)),
      ]);
      return log.derivations[0]?.phases.map(({ name, line }) => `${name} ${line}`) ?? [];
    };
    assert.deepStrictEqual(printing('unpacking sources', 'x', 'building', 'building foo'), [
      'unpackPhase 0',
      'buildPhase 2',
    ]);
    assert.deepStrictEqual(printing('Running phase: buildPhase', 'installing'), ['buildPhase 0']);
  });

  test('keeps no more of messages than a thousand', () => {
    const { log } = follow(Array.from({ length: 5000 }, (_, at) => `text ${at}`));
    assert.equal(log.messages.length, 1000);
    assert.equal(log.messages.at(-1), 'text 4999');
  });

  test('leaves no build going on at its end, also where an id is used twice', () => {
    const { log } = follow([start(1, 105, [DEP, '', 1, 1]), start(1, 105, [TOP, '', 1, 1])]);
    assert.deepStrictEqual(
      log.derivations.map(({ state }) => state),
      ['built', 'built'],
    );
  });

  test('is read to its end, whatever the lines hold', () => {
    const anything = fc.oneof(
      fc.string(),
      fc
        .record({
          action: fc.constantFrom('start', 'stop', 'result', 'msg', 'x'),
          id: fc.oneof(fc.nat(3), fc.string(), fc.constant(null)),
          parent: fc.oneof(fc.nat(3), fc.constant(undefined)),
          type: fc.integer({ min: 99, max: 114 }),
          level: fc.nat(4),
          fields: fc.oneof(
            fc.array(fc.oneof(fc.constantFrom(DEP, TOP), fc.string(), fc.double())),
            fc.constant(undefined),
          ),
          msg: fc.oneof(
            fc.constantFrom(
              'these 2 derivations will be built:',
              `  ${DEP}`,
              `builder for '${DEP}' failed with exit code 1`,
              `Cannot build '${TOP}'.\n Reason: 1 dependency failed.`,
            ),
            fc.string(),
          ),
        })
        .map((json) => `@nix ${JSON.stringify(json)}`),
    );
    fc.assert(
      fc.property(
        fc.array(anything),
        fc.constantFrom<'succeeded' | 'failed'>('succeeded', 'failed'),
        (lines, outcome) => {
          const { log, printed } = follow(lines, outcome);
          for (const { derivation, state, lines: count } of log.derivations) {
            assert.ok(!['waiting', 'building'].includes(state), state);
            assert.equal(printed.get(derivation)?.length ?? 0, count);
          }
          for (const { state, path } of log.transfers) assert.notEqual(state, 'running', path);
        },
      ),
    );
  });
});

describe.skipIf(!recorded)(`recorded builds${reason}`, () => {
  const versions = recorded ? readdirSync(FIXTURES) : [];
  const read = (name: string): string[] =>
    readFileSync(resolve(FIXTURES, name), 'utf8').trimEnd().split('\n');

  test.each(versions)('by Nix %s: hello is built, phase after phase', (version) => {
    const { log } = follow(read(`${version}/hello.log`));
    assert.ok(log.derivations.every(({ state }) => state === 'built'));
    assert.deepStrictEqual(log.errors, []);
    const hello = log.derivations.find(({ derivation }) => derivation.endsWith('-hello-2.10.drv'));
    assert.ok(hello !== undefined);
    const names = hello.phases.map(({ name }) => name);
    for (const name of [
      'unpackPhase',
      'configurePhase',
      'buildPhase',
      'checkPhase',
      'fixupPhase',
    ]) {
      assert.equal(names.filter((one) => one === name).length, 1, names.join());
    }
    assert.ok(hello.phases.every(({ endedAt }) => endedAt !== null));
    assert.ok(hello.lines > 500, String(hello.lines));
  });

  test.each(versions)(
    'by Nix %s: the dependency failed, and what needs it did not begin',
    (version) => {
      const { log, printed } = follow(read(`${version}/dependency-failure.log`), 'failed');
      assert.deepStrictEqual(states(log), { [DEP]: 'failed', [TOP]: 'input-failed' });
      const [failed] = log.failed;
      assert.equal(failed?.derivation, DEP);
      assert.match(failed.reason ?? '', /failed with exit code 2/);
      assert.equal(failed.phases.at(-1)?.name, 'buildPhase');
      assert.equal(printed.get(DEP)?.length, failed.lines);
    },
  );

  test.each(versions)('by Nix %s, damaged anywhere, are read all the same', (version) => {
    const bytes = readFileSync(resolve(FIXTURES, `${version}/dependency-failure.log`));
    const damages = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 40 });
    fc.assert(
      fc.property(damages, fc.nat(bytes.length), (changes, cut) => {
        const damaged = Buffer.from(bytes);
        for (const [at, value] of changes) damaged[at] = value;
        const stream = new LogStream();
        const events = [...stream.push(damaged.subarray(0, cut)), ...stream.end()];
        const log = new BuildLog(() => undefined);
        events.forEach((event, at) => log.take(event, at));
        log.end('failed', events.length);
        assert.ok(log.derivations.every(({ state }) => state !== 'building'));
      }),
    );
  });
});
