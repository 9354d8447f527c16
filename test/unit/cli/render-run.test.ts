// What `strata run` and `strata plan` print, as it is read without colours.
import { describe, expect, test } from 'vitest';
import { renderComplaint, renderFailure } from '../../../src-main/cli/render/render-failure.ts';
import { readAnswer, renderHeld } from '../../../src-main/cli/render/render-held.ts';
import { overrideRows, renderLabelled } from '../../../src-main/cli/render/render-heading.ts';
import { renderLogLine, renderPhaseEnd } from '../../../src-main/cli/render/render-phase.ts';
import { renderPlan } from '../../../src-main/cli/render/render-plan.ts';
import { renderRealisation } from '../../../src-main/cli/render/render-realisation.ts';
import { renderResult, type Outcome } from '../../../src-main/cli/render/render-result.ts';
import { plannedJson, runEventJson } from '../../../src-main/cli/render/run-event-json.ts';
import { COLOURED, PLAIN } from '../../../src-main/cli/terminal/style.ts';
import type {
  PhaseRecord,
  PlannedPhase,
  RealisationProgress,
} from '../../../src-main/engine/types.ts';

const text = (lines: readonly string[]): string => lines.join('\n');

const phases: readonly PlannedPhase[] = [
  { name: 'unpackPhase', action: 'reuse', why: 'nothing it uses changed', savedMs: 88 },
  { name: 'buildPhase', action: 'reuse', why: 'nothing it uses changed', savedMs: 61_000 },
  { name: 'installPhase', action: 'run', why: 'postInstall changed', savedMs: 0 },
  { name: 'fixupPhase', action: 'run', why: 'comes after installPhase, which runs', savedMs: 0 },
  { name: 'distPhase', action: 'skip', why: 'doDist is not set', savedMs: 0 },
];

describe('a plan', () => {
  test('as a table', () => {
    expect(text(renderPlan(phases, PLAIN, null))).toBe(
      `
  ↺ unpackPhase   reuse  saves 88 ms      nothing it uses changed
  ↺ buildPhase    reuse  saves 1 min 1 s  nothing it uses changed
  ▶ installPhase  run                     postInstall changed
  ▶ fixupPhase    run                     comes after installPhase, which runs
  – distPhase     skip                    doDist is not set
  2 to run; 2 reused, which saves 1 min 1 s; 1 skipped`.slice(1),
    );
  });

  test('in a narrow terminal wraps the reasons', () => {
    expect(text(renderPlan(phases.slice(3), PLAIN, 50))).toBe(
      `
  ▶ fixupPhase  run    comes after installPhase,
                       which runs
  – distPhase   skip   doDist is not set
  1 to run; 1 skipped`.slice(1),
    );
  });

  test('in a terminal without room for a column of savings has them beside the reasons', () => {
    expect(text(renderPlan(phases, PLAIN, 80))).toBe(text(renderPlan(phases, PLAIN, null)));
    expect(text(renderPlan(phases, PLAIN, 70))).toBe(
      `
  ↺ unpackPhase   reuse  nothing it uses changed; saves 88 ms
  ↺ buildPhase    reuse  nothing it uses changed; saves 1 min 1 s
  ▶ installPhase  run    postInstall changed
  ▶ fixupPhase    run    comes after installPhase, which runs
  – distPhase     skip   doDist is not set
  2 to run; 2 reused, which saves 1 min 1 s; 1 skipped`.slice(1),
    );
  });

  test('as JSON', () => {
    const plan = {
      derivation: '/nix/store/x.drv',
      outputs: { out: '/nix/store/o' },
      overrides: [],
      phases,
    };
    expect(JSON.stringify(plannedJson(null, { ...plan, phases: phases.slice(2, 3) }))).toBe(
      '{"event":"planned","run":null,"derivation":"/nix/store/x.drv","outputs":{"out":"/nix/store/o"},' +
        '"phases":[{"name":"installPhase","action":"run","why":"postInstall changed"}]}',
    );
  });
});

test('what --set gives, in the heading', () => {
  const rows = overrideRows(
    [
      { name: 'doCheck', value: 'true', effect: 'replaces', similar: [] },
      { name: 'dontStirp', value: '1', effect: 'adds', similar: ['dontStrip'] },
      { name: 'extra', value: 'two\n  lines\u001b[2J', effect: 'adds', similar: [] },
    ],
    PLAIN,
  );
  expect(text(renderLabelled([['run', 'r'], ...rows], PLAIN, 6))).toBe(
    `
run     r
set     doCheck=true
        dontStirp=1  (new: the derivation has no such attribute; did you mean dontStrip?)
        extra=two lines  (new: the derivation has no such attribute)`.slice(1),
  );
});

test('events as JSON have their fields in the documented order', () => {
  const events = [
    { phase: 'buildPhase', event: 'phase-started' },
    { line: 'x', phase: 'buildPhase', event: 'log' },
    { exitCode: 0, ms: 3, snapshot: 's', status: 'succeeded', phase: 'p', event: 'phase-finished' },
    { snapshot: null, ms: 5, status: 'failed', event: 'finished' },
  ] as const;
  expect(events.map((event) => JSON.stringify(runEventJson(event)))).toEqual([
    '{"event":"phase-started","phase":"buildPhase"}',
    '{"event":"log","phase":"buildPhase","line":"x"}',
    '{"event":"phase-finished","phase":"p","status":"succeeded","snapshot":"s","ms":3,"exitCode":0}',
    '{"event":"finished","status":"failed","ms":5,"snapshot":null}',
  ]);
});

test('how phases end', () => {
  expect(
    [
      renderPhaseEnd('buildPhase', { status: 'succeeded', ms: 12_300 }, PLAIN),
      renderPhaseEnd('installPhase', { status: 'failed', ms: 400, exitCode: 1 }, PLAIN),
      renderPhaseEnd('buildPhase', { status: 'failed', ms: 400, exitCode: 137 }, PLAIN),
      renderPhaseEnd('unpackPhase', { status: 'reused' }, PLAIN),
      renderPhaseEnd('checkPhase', { status: 'skipped', why: 'doCheck is not set' }, PLAIN),
    ].join('\n'),
  ).toBe(
    `
✓ buildPhase 12.3 s
✗ installPhase failed with exit code 1 after 0.4 s
✗ buildPhase failed by SIGKILL, as when memory runs out (exit code 137) after 0.4 s
↺ unpackPhase reused
– checkPhase skipped (doCheck is not set)`.slice(1),
  );
});

test('a line of the log cannot be taken for one of ours', () => {
  expect(renderLogLine('✓ buildPhase 1.0 s', PLAIN)).toBe('│ ✓ buildPhase 1.0 s');
  expect(renderLogLine('\u001b[1A\u001b[31mred', COLOURED)).toBe(
    '\u001b[2m│\u001b[22m \u001b[31mred\u001b[0m',
  );
});

const failed: PhaseRecord = {
  schema: 1,
  id: 'ms4ovb4t52',
  run: 'qd4skub5fg',
  derivation: '/nix/store/7mdl0nk9zbbrasbwls7l6ynk2vwrskc4-primes-1.0.drv',
  lineage: '',
  phase: 'installPhase',
  status: 'failed',
  name: null,
  parent: null,
  initial: null,
  contents: '',
  policy: 'strict',
  style: 'phases',
  phases: [],
  hasState: true,
  endedBuild: false,
  exitCode: 1,
  ms: 29,
  bytes: 0,
  createdAt: '2026-01-01T00:00:00.000Z',
  failure: {
    command: 'install -m 755 primes \\\n    $out/bin/primes',
    functions: ['place', 'installPhase', 'runPhase', 'genericBuild'],
    line: { number: 9, text: "install: cannot create '\u001b[31mbin/primes\u001b[0m'" },
    tail: [
      { number: 9, text: "install: cannot create '\u001b[31mbin/primes\u001b[0m'" },
      { number: 10, text: '' },
    ],
  },
};

describe('a failure', () => {
  test('names phase, command, line, and the command that opens a shell there', () => {
    expect(text(renderFailure(failed, 'qd4skub5fg', 'npx strata', PLAIN))).toBe(
      `
primes-1.0 failed in installPhase with exit code 1
  command     install -m 755 primes \\ $out/bin/primes
  in          place()
  log line 9  install: cannot create 'bin/primes'

The last 2 lines of its log (all of it: npx strata log qd4skub5fg:installPhase):
   9 │ install: cannot create 'bin/primes'
  10 │

Open a shell in the state it failed in:

    npx strata shell qd4skub5fg:installPhase

What it lacked in the sandbox, if that is why: npx strata explain qd4skub5fg`.slice(1),
    );
  });

  test('has the log as a whole where it is short', () => {
    const tail = [{ number: 1, text: 'only line' }];
    const failure = { command: null, functions: [], line: null, tail };
    expect(text(renderFailure({ ...failed, failure }, 'r', 'strata', PLAIN).slice(2, 4))).toBe(
      'Its log:\n  1 │ only line',
    );
  });

  test('of a builder that is no shell says what is known', () => {
    const failure = { command: null, functions: [], line: null, tail: [] };
    expect(text(renderFailure({ ...failed, failure }, 'r', 'strata', PLAIN))).toBe(
      `
primes-1.0 failed in installPhase with exit code 1

Open a shell in the state it failed in:

    strata shell r:installPhase

What it lacked in the sandbox, if that is why: strata explain r`.slice(1),
    );
  });

  test('after all phases', () => {
    expect(
      text(renderComplaint('no output dev\n  expected: 1', 'r', 'fixupPhase', 'strata', PLAIN)),
    ).toBe(
      `
All phases succeeded, and the build failed: no output dev
    expected: 1

Open a shell in the state it ended in:

    strata shell r:fixupPhase`.slice(1),
    );
  });
});

describe('a result', () => {
  const phase = { why: '', snapshot: 's', ms: 0, exitCode: 0 };
  const outcome: Outcome = {
    ms: 1400,
    savedMs: 61_088,
    lastPhase: 'fixupPhase',
    lastChange: 'installPhase',
    handMade: [],
    isPartial: false,
    run: {
      schema: 1,
      id: 'r',
      derivation: failed.derivation,
      target: '.',
      lineage: '',
      outputs: { dev: '/nix/store/d', out: '/nix/store/o' },
      policy: { kind: 'strict' },
      overrides: {},
      options: [],
      reuse: 'smart',
      status: 'succeeded',
      initial: null,
      endsAt: null,
      isTrial: false,
      phases: [
        { ...phase, name: 'buildPhase', status: 'reused' },
        { ...phase, name: 'installPhase', status: 'succeeded' },
      ],
      handMade: [],
      unconfirmed: true,
      confirmation: null,
      createdAt: '',
      ms: 900,
    },
  };

  test('with reused phases is unconfirmed', () => {
    expect(text(renderResult(outcome, 'strata', PLAIN))).toBe(
      `
✓ built primes-1.0 in 1.4 s, 1 min 1 s saved by reuse  unconfirmed
  dev  /nix/store/d
  out  /nix/store/o
  (scratch paths: they exist in the snapshots, not in the store)

unconfirmed: 1 phase was reused; only a build from scratch by Nix makes certain that the result is the same.

next:
  strata diff r:installPhase  # what installPhase changed
  strata shell r:fixupPhase   # a shell in the state reached
  strata confirm r            # the same from scratch, by Nix, and what differs`.slice(1),
    );
  });

  test('that went on from what a person made says so', () => {
    const phases = outcome.run.phases.slice(1);
    const byHand = {
      ...outcome,
      savedMs: 0,
      run: { ...outcome.run, phases },
      handMade: [
        { id: 'k', name: 'fixed', phase: 'installPhase' },
        { id: 'h', name: null, phase: 'buildPhase' },
      ],
    };
    expect(text(renderResult(byHand, 'strata', PLAIN).slice(5))).toBe(
      `
made by hand: the result includes the changes kept as fixed, and those made while buildPhase was held. The derivation does not make them; put them into it, or a build from scratch goes without.

next:
  strata diff r:installPhase  # what installPhase changed
  strata shell r:fixupPhase   # a shell in the state reached
  strata diff fixed           # what was changed by hand
  strata diff h               # what was changed by hand
  strata confirm r            # from scratch, by Nix, without what was made by hand; what differs`.slice(
        1,
      ),
    );
    const both = renderResult({ ...byHand, run: outcome.run }, 'strata', PLAIN);
    expect(both[6]).toMatch(/^unconfirmed: 1 phase was reused; /);
    const neither = renderResult({ ...byHand, handMade: [] }, 'strata', PLAIN);
    expect(neither[5]).toMatch(/^unconfirmed: it went on from a snapshot; /);
  });

  test('of a changed derivation is not compared with Nix, nor is a part of one', () => {
    const changed = {
      ...outcome,
      savedMs: 0,
      isPartial: true,
      run: { ...outcome.run, unconfirmed: false, overrides: { doCheck: '1' } },
    };
    expect(text(renderResult(changed, 'strata', PLAIN))).toBe(
      `
✓ built primes-1.0, up to fixupPhase, in 1.4 s

next:
  strata diff r:installPhase  # what installPhase changed
  strata shell r:fixupPhase   # a shell in the state reached`.slice(1),
    );
  });
});

test('the inputs: what is built or fetched now, and how much of it', () => {
  const progress: RealisationProgress = {
    running: new Map([
      [
        '1',
        {
          kind: 'transfer',
          path: '/nix/store/7mdl0nk9zbbrasbwls7l6ynk2vwrskc4-glibc',
          done: 2048,
          expected: 0,
        },
      ],
      [
        '2',
        {
          kind: 'build',
          derivation: '/nix/store/7mdl0nk9zbbrasbwls7l6ynk2vwrskc4-zlib-1.3.drv',
          phase: 'buildPhase',
          lines: [],
        },
      ],
    ]),
    counters: new Map(),
    ended: [],
    builds: { done: 1, expected: 3 },
    paths: { done: 10, expected: 12 },
    transferredBytes: 1024 ** 2,
    failed: [],
    errors: [],
    ignored: [],
  };
  expect(renderRealisation(progress)).toBe(
    'inputs: 1 of 3 built, 10 of 12 fetched, 1.0 MiB; building zlib-1.3 (buildPhase)',
  );
  expect(
    renderRealisation({
      ...progress,
      running: new Map(),
      builds: { done: 0, expected: 0 },
      paths: { done: 0, expected: 0 },
      transferredBytes: 0,
    }),
  ).toBe('');
});

test('a held sandbox: how to enter it, and what is an answer', () => {
  expect(
    renderHeld({ phase: 'buildPhase', pid: 7, attach: ['nsenter', '--target', '7'] }, PLAIN),
  ).toContain('    nsenter --target 7');
  expect(['continue', ' C ', 'end', 'q', 'quit', '', 'yes'].map(readAnswer)).toEqual([
    'continue',
    'continue',
    'end',
    'end',
    'end',
    null,
    null,
  ]);
});
