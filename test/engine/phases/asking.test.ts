// What a person can ask of a run: a part of it, a snapshot to go on from, another sandbox; and what they learn of a failure.
import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { valueText } from '../../../src-main/phases/declarations.ts';
import type { Policy } from '../../../src-main/sandbox/policy.ts';
import { nixReason } from '../real-nix.ts';
import { packageOf, stdenvs, type Attributes } from './stdenvs.ts';
import { Workbench } from './workbench.ts';

const [stdenv] = stdenvs;

const suite = nixReason === null ? '' : ` (skipped: ${nixReason})`;

describe.skipIf(nixReason !== null)(`a run${suite}`, () => {
  let bench: Workbench;
  beforeAll(() => {
    bench = Workbench.open();
  });
  afterAll(() => bench.close());

  const three: Attributes = {
    phases: '[ "onePhase" "twoPhase" "threePhase" ]',
    onePhase: '"mkdir $out; echo 1 > $out/1; one=1"',
    twoPhase: '"echo 2 > $out/2; two=2"',
    threePhase: '"cat $out/*; echo $one $two; echo 3 > $out/3"',
  };
  const expression = (attributes: Attributes): string =>
    packageOf(stdenv ?? { name: '', expression: '' }, attributes);

  test('--until stops after a phase, and the next run goes on', async () => {
    const build = expression({ name: '"until"', ...three });
    const first = await bench.run(build, { until: 'twoPhase' });
    expect([first.status, first.complaint, first.phases]).toEqual([
      'succeeded',
      null,
      [
        ['onePhase', 'succeeded'],
        ['twoPhase', 'succeeded'],
        ['threePhase', 'skipped'],
      ],
    ]);
    expect(first.planned.at(-1)).toEqual({
      name: 'threePhase',
      action: 'skip',
      why: 'comes after --until twoPhase',
    });
    const second = await bench.run(build);
    expect([second.phases, second.log.get('threePhase')]).toEqual([
      [
        ['onePhase', 'reused'],
        ['twoPhase', 'reused'],
        ['threePhase', 'succeeded'],
      ],
      'Running phase: threePhase\n1\n2\n1 2\n',
    ]);
  });

  test('--from runs a phase and what follows, on the files as they were before it', async () => {
    const build = expression({ name: '"from"', ...three });
    await bench.run(build);
    const again = await bench.run(build, { from: 'twoPhase' });
    expect([
      again.phases,
      again.planned.map(({ why }) => why),
      again.log.get('threePhase'),
    ]).toEqual([
      [
        ['onePhase', 'reused'],
        ['twoPhase', 'succeeded'],
        // twoPhase left the same files and state, but the person asked for everything from there on.
        ['threePhase', 'succeeded'],
      ],
      ['nothing it uses changed', 'asked for with --from', 'comes after twoPhase, which runs'],
      'Running phase: threePhase\n1\n2\n1 2\n',
    ]);
  });

  test('what comes after a phase that runs is planned to run, though it last changed nothing', async () => {
    const build = (twoPhase: string) => expression({ name: '"idle"', ...three, twoPhase });
    await bench.run(build('":"'));
    const edited = build('"echo 2 >1"');
    const again = await bench.run(edited);
    expect([again.planned.map(({ action }) => action), again.phases]).toEqual([
      ['reuse', 'run', 'run'],
      [
        ['onePhase', 'reused'],
        ['twoPhase', 'succeeded'],
        ['threePhase', 'succeeded'],
      ],
    ]);
  });

  const noSuchPhase = 'this derivation has no phase of that name';
  const thePhases = 'the phases are onePhase, twoPhase, threePhase';
  test.each([
    [{ until: 'fourPhase' }, '--until fourPhase', noSuchPhase, thePhases],
    [{ until: 'tow' }, '--until tow', noSuchPhase, thePhases],
    [{ until: 'twophse' }, '--until twophse', noSuchPhase, `did you mean twoPhase? ${thePhases}`],
    [{ until: '' }, "--until ''", 'it names no phase', thePhases],
    [
      { from: 'thre' },
      '--from thre',
      `${noSuchPhase}, and there is no kept snapshot of it`,
      `did you mean threePhase? ${thePhases}`,
    ],
    [
      { from: 'threePhase', until: 'twoPhase' },
      '--from threePhase --until twoPhase',
      'threePhase comes after twoPhase, so nothing is left to run',
      `leave out --until, or name a phase from threePhase on; ${thePhases}`,
    ],
  ])('%j is refused', async (wish, option, reason, advice) => {
    const build = expression({ name: '"refused"', ...three });
    const refusal = { code: 'usage', operation: `reading ${option}`, reason, advice };
    await expect(bench.plan(build, wish)).rejects.toMatchObject(refusal);
    await expect(bench.run(build, wish)).rejects.toMatchObject(refusal);
  });

  test('--from KEPT goes on with what a shell left, with the phase that failed', async () => {
    const build = expression({
      name: '"kept"',
      ...three,
      twoPhase: '"test -e $out/repaired; two=repaired"',
    });
    const failed = await bench.run(build);
    expect(failed.phases.at(-1)).toEqual(['twoPhase', 'failed']);
    const engine = await bench.engine();
    const { kept } = await engine.openShell('last:twoPhase', {
      keep: 'mended',
      command: ['touch $out/repaired; one=mended'],
      signal: new AbortController().signal,
    });
    expect(kept?.status).toBe('kept');
    const again = await bench.run(build, { from: 'mended' });
    expect([again.status, again.phases, again.log.get('threePhase')]).toEqual([
      'succeeded',
      [
        ['onePhase', 'skipped'],
        ['twoPhase', 'succeeded'],
        ['threePhase', 'succeeded'],
      ],
      'Running phase: threePhase\n1\nmended repaired\n',
    ]);
    await expect(bench.run(build, { from: 'mended', until: 'onePhase' })).rejects.toMatchObject({
      reason: 'mended goes on with twoPhase, which comes after onePhase',
    });
    await expect(bench.run(build, { from: 'mendd' })).rejects.toMatchObject({
      advice:
        'did you mean mended? the phases are onePhase, twoPhase, threePhase; the kept snapshots are mended',
    });
    // What a person made is nothing to compare the derivation's own phases with, nor to resume from unasked.
    for (const reuse of ['smart', 'force'] as const) {
      expect((await bench.plan(build, { reuse }))[1]).toEqual({
        name: 'twoPhase',
        action: 'run',
        why: reuse === 'smart' ? 'it failed the last time' : 'there is no result to resume from',
      });
    }
  });

  test('what a person made counts as the derivation’s own once that comes to the same', async () => {
    const build = (attributes: Attributes): string =>
      expression({ name: '"same"', ...three, ...attributes });
    const failing = build({ twoPhase: '"test -e $out/repaired"' });
    await bench.run(failing);
    const engine = await bench.engine();
    await engine.openShell('last:twoPhase', {
      keep: 'touched',
      command: ['touch $out/repaired'],
      signal: new AbortController().signal,
    });
    await bench.run(failing, { from: 'touched' });
    const mended = { twoPhase: '"touch $out/repaired"' };
    expect((await bench.run(build(mended))).phases).toEqual([
      ['onePhase', 'reused'],
      ['twoPhase', 'succeeded'],
      ['threePhase', 'reused'],
    ]);
    const next = build({ ...mended, threePhase: '"echo $one $two > $out/3"' });
    const threePhase = async (reuse: 'smart' | 'force'): Promise<string | undefined> =>
      (await bench.plan(next, { reuse }))[2]?.why;
    expect([await threePhase('smart'), await threePhase('force')]).toEqual([
      'threePhase changed',
      'forced, whatever changed',
    ]);
  });

  test('--set gives an attribute another value, true and false as Nix has them', async () => {
    const build = expression({
      name: '"set"',
      phases: '[ "onePhase" ]',
      flag: 'true',
      onePhase: '"echo \\"[$flag] [$other]\\"; touch $out"',
    });
    const said = async (set: Readonly<Record<string, string>>): Promise<string | undefined> =>
      (await bench.run(build, { set })).lines.at(-1);
    expect([
      await said({}),
      await said({ flag: 'false', other: 'a  b' }),
      await said({ other: 'true' }),
    ]).toEqual(['[1] []', '[] [a  b]', '[1] [1]']);
  });

  test('a value of --set is told of, and a name that the derivation does not have', async () => {
    const build = expression({ name: '"told"', ...three, doCheck: 'false', flag: '"x"' });
    // The stdenv's own variables are known once its setup has run.
    await bench.run(build);
    const engine = await bench.engine();
    const { overrides } = await engine.plan(
      bench.wish(build, {
        set: { flag: 'y', dontStrp: '', dochek: '1', dontFixup: '1', preOne: 'true' },
      }),
      new AbortController().signal,
    );
    expect(overrides).toEqual([
      { name: 'flag', value: 'y', effect: 'replaces', similar: [] },
      { name: 'dontStrp', value: '', effect: 'adds', similar: ['dontStrip'] },
      { name: 'dochek', value: '1', effect: 'adds', similar: ['doCheck'] },
      { name: 'dontFixup', value: '1', effect: 'adds', similar: [] },
      { name: 'preOne', value: 'true', effect: 'adds', similar: [] },
    ]);
  });

  test('a failed phase is kept: its command, functions, log line, files and local variables', async () => {
    const { failed, status } = await bench.run(
      expression({
        name: '"failure"',
        phases: '[ "onePhase" ]',
        onePhase: `''
          compile() {
            local -a flags=(-O2 "-DNAME=a b")
            local input=$1
            echo partial > partial.o
            cat "$input.c"
            echo never
          }
          mkdir /build/work; cd /build/work
          compile main
        ''`,
      }),
    );
    const { store } = await bench.engine();
    const id = failed?.id ?? '';
    const state = await store.failureState(id);
    expect({
      status,
      failure: { ...failed?.failure, tail: [] },
      partial: await bench.read(id, '/build/work/partial.o'),
      directory: state?.directory,
      locals: ['flags', 'input'].map((name) => valueText(state?.variables.get(name))),
    }).toEqual({
      status: 'failed',
      failure: {
        command: 'cat "$input.c"',
        functions: ['compile', 'runPhase'],
        line: { number: 2, text: 'cat: main.c: No such file or directory' },
        tail: [],
      },
      partial: 'partial\n',
      directory: '/build/work',
      locals: ['-O2\n-DNAME=a b', 'main'],
    });
  });

  test('of a phase that called exit itself no command is named', async () => {
    const { failed } = await bench.run(
      expression({
        name: '"exits"',
        phases: '[ "onePhase" ]',
        onePhase: '"f() { echo giving up; exit 3; }; f"',
      }),
    );
    expect([failed?.exitCode, { ...failed?.failure, tail: [] }]).toEqual([
      3,
      {
        command: null,
        functions: ['f', 'runPhase'],
        line: { number: 2, text: 'giving up' },
        tail: [],
      },
    ]);
  });

  test('a phase that failed runs again, and the ones before it do not', async () => {
    const attributes: Attributes = { name: '"again"', ...three, threePhase: '"false"' };
    await bench.run(expression(attributes));
    const again = await bench.run(expression(attributes));
    const mended = await bench.run(expression({ ...attributes, threePhase: '"true"' }));
    expect([again, mended].map(({ phases, planned }) => [phases, planned.at(-1)?.why])).toEqual([
      [
        [
          ['onePhase', 'reused'],
          ['twoPhase', 'reused'],
          ['threePhase', 'failed'],
        ],
        'it failed the last time',
      ],
      [
        [
          ['onePhase', 'reused'],
          ['twoPhase', 'reused'],
          ['threePhase', 'succeeded'],
        ],
        'threePhase changed',
      ],
    ]);
  });

  test('processes that outlive their phase are stopped and named', async () => {
    const { status, log } = await bench.run(
      expression({
        name: '"daemons"',
        phases: '[ "onePhase" "twoPhase" ]',
        onePhase: '"sleep 1000 & sleep 1000 & touch $out; sleep 0 & wait $!"',
        twoPhase: `"! grep -lz sleep /proc/[0-9]*/cmdline"`,
      }),
    );
    const stopped = [
      ...(log.get('onePhase') ?? '').matchAll(/^strata: (.*) \(process \d+\)(.*)$/gm),
    ];
    expect([status, stopped.map(([, what, why]) => `${what ?? ''}${why ?? ''}`)]).toEqual([
      'succeeded',
      Array.from(
        { length: 2 },
        () => 'stopped sleep, which was still running when the phase ended',
      ),
    ]);
  });

  describe('under another policy', () => {
    const look = (file: string): Attributes => ({
      phases: '[ "onePhase" ]',
      onePhase: `''
        cat ${file} 2>/dev/null || echo hidden
        tail -n +3 /proc/net/dev | wc -l
        touch ${file} 2>/dev/null && echo written || echo kept
        touch $out
      ''`,
    });
    let file = '';
    beforeAll(() => {
      // Neither in /tmp nor below a path that strict shows.
      const directory = join(realpathSync('/var/tmp'), `strata-policy-${process.pid}`);
      mkdirSync(directory, { recursive: true });
      file = join(directory, 'file');
      writeFileSync(file, 'of the host\n');
    });

    afterAll(() => rmSync(dirname(file), { recursive: true, force: true }));

    const bind = () => ({ source: file, target: file, optional: false, keepLink: false });
    const policies = {
      strict: () => ({ kind: 'strict' }),
      'relaxed, a path': () => ({ kind: 'relaxed', binds: [bind()], network: false }),
      'relaxed, the network': () => ({ kind: 'relaxed', binds: [], network: true }),
      off: () => ({ kind: 'off' }),
    } satisfies Record<string, () => Policy>;

    test.each<[keyof typeof policies, string, boolean]>([
      ['strict', 'hidden', false],
      ['relaxed, a path', 'of the host', false],
      ['relaxed, the network', 'hidden', true],
      ['off', 'of the host', true],
    ])('%s: a file of the host is %j, the network is there: %j', async (policy, seen, network) => {
      const { lines, status } = await bench.run(
        expression({ name: `"policy-${policy.replace(/\W+/g, '-')}"`, ...look(file) }),
        { policy: policies[policy]() },
      );
      expect([status, lines[1], Number(lines[2]) > 1]).toEqual(['succeeded', seen, network]);
      // Whatever it saw, the host's file is as it was: a build writes to its layer alone.
      expect(readFileSync(file, 'utf8')).toBe('of the host\n');
    });

    test('a host path that is not there is refused', async () => {
      const path = '/nonexistent/strata';
      const policy = {
        kind: 'relaxed',
        binds: [{ source: path, target: path, optional: false, keepLink: false }],
        network: false,
      } as const;
      await expect(
        bench.run(expression({ name: '"policy-missing"', ...look(path) }), { policy }),
      ).rejects.toMatchObject({ code: 'environment' });
    });
  });

  test('a builder for 32 bits sees a 32-bit machine', async () => {
    const { lines } = await bench.run(`derivation {
      name = "narrow"; system = "i686-linux"; builder = "/bin/sh";
      args = [ "-c" "PATH=/usr/bin:/bin; uname -m; echo > $out" ];
    }`);
    expect(lines).toEqual([process.arch === 'x64' ? 'i686' : expect.anything()]);
  });

  test('a run that is cancelled says so and leaves nothing running', async () => {
    const cancel = new AbortController();
    const build = bench.run(
      expression({ name: '"cancelled"', ...three, twoPhase: '"echo waiting; sleep 1000"' }),
      { signal: cancel.signal },
    );
    setTimeout(() => cancel.abort(), 1500);
    await expect(build).rejects.toMatchObject({ code: 'cancelled' });
    const again = await bench.run(expression({ name: '"cancelled"', ...three }));
    expect(again.phases).toEqual([
      ['onePhase', 'reused'],
      ['twoPhase', 'succeeded'],
      ['threePhase', 'succeeded'],
    ]);
  });
});
