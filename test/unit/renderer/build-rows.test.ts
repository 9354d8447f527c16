import { describe, expect, test } from 'vitest';
import type { DerivationBuildView } from '../../../src-main/protocol/methods.ts';
import {
  buildRows,
  buildSpan,
  buildSummary,
  derivationName,
  chosenDerivation,
} from '../../../src-renderer/nix-builds/build-rows.ts';
import type { ShownBuild } from '../../../src-renderer/store/nix-builds.ts';

const NO_BUILD: ShownBuild = {
  id: '1',
  title: 'default.nix',
  live: true,
  kind: 'build',
  since: 0,
  root: null,
  notes: [],
  derivations: new Map(),
  transfers: new Map(),
  paused: null,
  end: null,
  error: null,
};

function build(derivation: string, change: Partial<DerivationBuildView> = {}): DerivationBuildView {
  return {
    derivation,
    state: 'built',
    machine: null,
    phases: [],
    startedAt: null,
    endedAt: null,
    lines: 0,
    reason: null,
    fault: null,
    waitsFor: null,
    inputs: [],
    ...change,
  };
}

describe('the rows of a build by Nix', () => {
  const tree = (all: readonly DerivationBuildView[]) =>
    buildRows(all).map(({ depth, build: { derivation } }) => `${'  '.repeat(depth)}${derivation}`);

  test('have each derivation below the first that needs it, once', () => {
    const all = [
      build('libc'),
      build('zlib', { inputs: ['libc'] }),
      build('curl', { inputs: ['zlib', 'libc'] }),
      build('app', { inputs: ['curl', 'zlib'] }),
    ];
    expect(tree(all)).toStrictEqual(['app', '  curl', '    zlib', '      libc']);
  });

  test('are all there where a made-up log has a circle, or a chain of ten thousand', () => {
    const circle = [build('a', { inputs: ['b'] }), build('b', { inputs: ['a'] }), build('c')];
    expect(tree(circle).toSorted()).toStrictEqual(['a', 'b', 'c']);
    const chain = Array.from({ length: 10_000 }, (_, at) =>
      build(String(at), { inputs: at === 0 ? [] : [String(at - 1)] }),
    );
    expect(buildRows(chain).length).toBe(10_000);
  });

  test('begin and end with the whole', () => {
    const all = [
      build('a', { startedAt: 1000, endedAt: 4000 }),
      build('b', { startedAt: 2000, state: 'building' }),
      build('c', { state: 'waiting' }),
    ];
    expect(buildSpan(all, 9000)).toStrictEqual({ start: 1000, end: 9000 });
    expect(buildSpan([build('old')], 9000)).toBeNull();
  });
});

test('what is shown first is what failed, and of what goes on what was begun last', () => {
  const all = [
    build('a', { startedAt: 1, lines: 3 }),
    build('b', { startedAt: 5, state: 'building' }),
    build('c', { state: 'waiting' }),
  ];
  const shown = (
    builds: readonly DerivationBuildView[],
    change: Partial<ShownBuild> = {},
    chosen: string | null = null,
  ) => {
    const derivations = new Map(builds.map((one) => [one.derivation, one]));
    return chosenDerivation({ ...NO_BUILD, derivations, ...change }, chosen)?.derivation ?? null;
  };
  const end = {
    event: 'finished' as const,
    status: 'failed' as const,
    outputs: [],
    failed: ['a'],
    errors: [],
    kept: [],
    ms: 1,
    pausedUntil: null,
    ignored: [],
  } satisfies ShownBuild['end'];
  const paused = {
    hold: '1',
    problem: null,
    since: 1,
    derivation: 'a',
    name: null,
    phase: null,
    exitCode: null,
    directory: null,
    ways: [],
    hindrance: null,
  };
  expect(shown(all)).toBe('b');
  expect(shown([...all, build('d', { state: 'failed' })])).toBe('d');
  expect(shown(all, { end: end })).toBe('a');
  expect(shown(all, { paused })).toBe('a');
  expect(shown(all, { paused }, 'c')).toBe('c');
  expect(shown([])).toBeNull();
});

test('the summary counts states and transfers', () => {
  const transfer = {
    path: '/nix/store/x',
    kind: 'substitute',
    from: 'a',
    to: 'b',
    startedAt: null,
    endedAt: null,
    done: 0,
    expected: 0,
  } as const;
  expect(
    buildSummary(
      [build('a'), build('b', { state: 'failed' }), build('c', { state: 'input-failed' })],
      [
        { ...transfer, state: 'ended' },
        { ...transfer, path: '/y', state: 'running' },
      ],
    ),
  ).toBe('1 built, 1 failed, 1 an input failed; 1 fetched, 1 on their way');
});

test('a derivation is called by its name', () => {
  expect(derivationName('/nix/store/vwhi00bhv5qk1h8fznw8ybnamn30k626-hello-1.0.drv')).toBe(
    'hello-1.0',
  );
  expect(derivationName('/tmp/build.log')).toBe('build.log');
});
