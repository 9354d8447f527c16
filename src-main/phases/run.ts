/**
 * A run: a plan carried out. Each phase is decided about when its turn comes, and reused, passed over, or run in a layer
 * of its own above the one before.
 */
import { readFile } from 'node:fs/promises';
import { describeFileError } from '../host/durable.ts';
import type { RunEvent } from '../protocol/run-events.ts';
import { policyText } from '../sandbox/policy.ts';
import { endsBuild } from './build-end.ts';
import { askAtPause, type Breakpoints, type Pause } from './breakpoints.ts';
import { builderProcess, phaseProcess } from './builder-process.ts';
import { decide, type Decision, type PlanSetting, type Position } from './decide.ts';
import { handMadeUpTo } from './hand-made.ts';
import { commitLayer, inspectLayer, orRemoved, stateAfter } from './layer-commit.ts';
import { runInLayer, type LayerContext, type LayerOutcome } from './layer-run.ts';
import { describeOverrides } from './overrides.ts';
import { checkOutputs } from './outputs.ts';
import type { PhaseRecord } from './phase-record.ts';
import { PhaseStore } from './phase-store.ts';
import { planPhases, type PlannedPhase } from './plan.ts';
import { planSetting } from './plan-setting.ts';
import type { RunRecord } from './run-record.ts';
import { sameState } from './rebase.ts';
import { keepRunLog } from './run-log.ts';
import { RunRecorder } from './run-recorder.ts';
import {
  beginRun,
  checkBreakpoints,
  checkRange,
  checkTraced,
  firstPosition,
  type Resume,
} from './run-start.ts';
import { SETUP, type Start } from './setup.ts';
import { shellStateBytes } from './shell-state.ts';
import { traceDirectory, type Tracing } from './tracing.ts';
import { findTwin } from './twin.ts';

export interface RunRequest {
  /** What the user opened, as they would type it. */
  readonly target: string;
  readonly reuse: 'strict' | 'smart' | 'force';
  /** The first phase to run whatever could be reused. */
  readonly from: string | null;
  /** The last phase to run. */
  readonly until: string | null;
  /** Whether it is to be cleared away when it has ended, and is none of the runs people are shown. */
  readonly isTrial?: boolean;
  /** The settings of Nix that it was prepared with (`--option NAME VALUE`). */
  readonly options?: readonly (readonly [string, string])[];
  /** A snapshot to go on from instead of the plan's own beginning. */
  readonly resume: Resume | null;
}

export interface RunContext extends Omit<LayerContext, 'onLine' | 'traces'> {
  readonly store: PhaseStore;
  readonly emit: (event: RunEvent) => void;
  /** Where given, phases that run are traced so. */
  readonly tracing?: Tracing;
  /** Where given, the run pauses there. */
  readonly breakpoints?: Breakpoints;
}

export interface RunResult {
  readonly run: RunRecord;
  /** The snapshot of the phase that failed; null where none did. */
  readonly failed: PhaseRecord | null;
  /** Why the build failed although its phases succeeded, such as a missing output. */
  readonly complaint: string | null;
  /** The breakpoint at which a person ended it; null where none did. */
  readonly endedAt: Pause | null;
  /** The states made by a person that it went on from, the newest first. */
  readonly handMade: readonly PhaseRecord[];
}

/**
 * Carries out a run.
 *
 * @throws StrataError `usage` for a phase that does not exist, `cancelled`, `environment`, `nix`. A build that fails is a
 *   result and no error.
 */
export async function runPhases(request: RunRequest, context: RunContext): Promise<RunResult> {
  const handMade = await handMadeUpTo(context.store, request.resume?.record.id ?? null);
  const recorder = new RunRecorder(
    context.store,
    context.emit,
    newRecord(request, context, handMade),
    describeOverrides(context.preparation.request, { phases: [], state: null }),
  );
  const derivation = await readFile(context.preparation.request.derivationPath);
  await recorder.begin(derivation);
  try {
    const directory = context.store.runDirectory(recorder.record.id);
    const onLogOpened: LayerContext['onLogOpened'] = (phase, log) =>
      keepRunLog(directory, phase, log);
    const onLine = recorder.logged.bind(recorder);
    const { tracing } = context;
    const traces =
      tracing === undefined
        ? {}
        : { traces: { tracing, directory: (phase: string) => traceDirectory(directory, phase) } };
    const layers = { ...context, ...traces, onLine, onLogOpened };
    return await new Run(request, layers, recorder).carryOut();
  } catch (error) {
    // The error to tell is the first one: on a full disk this may be refused as well.
    await recorder.abandoned(error).catch(() => undefined);
    throw describeFileError(`building ${context.preparation.request.derivationPath}`, error);
  }
}

/** Settings whose values are passwords, and concern what is fetched before a run alone. */
const SECRET_OPTIONS = ['access-tokens', 'extra-access-tokens'];

function newRecord(
  request: RunRequest,
  { preparation, now }: RunContext,
  handMade: readonly PhaseRecord[],
): RunRecord {
  const { request: build, lineage, environment } = preparation;
  const { policy } = build;
  return {
    schema: 1,
    id: PhaseStore.newId(),
    derivation: build.derivationPath,
    target: request.target,
    lineage,
    outputs: Object.fromEntries(environment.outputs),
    policy: policy.kind === 'relaxed' ? { ...policy, binds: [...policy.binds] } : policy,
    overrides: Object.fromEntries(build.overrides),
    options: (request.options ?? [])
      .filter(([name]) => !SECRET_OPTIONS.includes(name))
      .map(([name, value]) => [name, value]),
    reuse: request.reuse,
    status: 'running',
    initial: null,
    phases: [],
    endsAt: null,
    isTrial: request.isTrial ?? false,
    handMade: handMade.map(({ id }) => id),
    unconfirmed: false,
    confirmation: null,
    createdAt: new Date(now()).toISOString(),
    ms: 0,
  };
}

/** What a phase came to: its snapshot, and where the build stands after it. */
interface Reached {
  readonly record: PhaseRecord;
  readonly position: Position;
}

interface Paused {
  readonly pause: Pause;
  readonly answer: 'continue' | 'end';
}

class Run {
  readonly #request: RunRequest;
  readonly #context: RunContext & LayerContext;
  readonly #recorder: RunRecorder;

  constructor(request: RunRequest, context: RunContext & LayerContext, recorder: RunRecorder) {
    this.#request = request;
    this.#context = context;
    this.#recorder = recorder;
  }

  async carryOut(): Promise<RunResult> {
    const begun = await beginRun(this.#context.store, this.#context, this.#recorder.record.id);
    if (begun.kind === 'ready') return this.#goThrough(begun.start, begun.built);
    const { id, ms, exitCode } = begun.record;
    await this.#recorder.setupFailed(SETUP, { status: 'failed', snapshot: id, ms, exitCode });
    return this.#end('failed', { failed: begun.record });
  }

  async #goThrough(start: Start, built: LayerOutcome | null): Promise<RunResult> {
    const { from, until, resume } = this.#request;
    const { store, preparation, breakpoints, tracing } = this.#context;
    await this.#recorder.hasSetup(start.initial);
    const setting = planSetting(store, preparation, start, this.#request);
    checkRange(setting.phases, { from, until, resume, kept: await store.keptNames() });
    if (breakpoints !== undefined) checkBreakpoints(setting.phases, breakpoints);
    if (tracing !== undefined) checkTraced(setting.phases, tracing);
    const begin = firstPosition(start, setting, resume);
    const planned = await planPhases(setting, begin.position, begin.first, until);
    const overrides = describeOverrides(preparation.request, {
      phases: setting.phases,
      state: setting.initial,
    });
    await this.#recorder.planned(planned, overrides);

    const last = until === null ? setting.phases.length - 1 : setting.phases.indexOf(until);
    let { position } = begin;
    let ended = false;
    /** Where the run paused last, and whether it ended there. */
    let paused: Paused | null = null;
    for (const [index, phase] of setting.phases.entries()) {
      const outside = index < begin.first || index > last || ended || paused?.answer === 'end';
      let decision: Decision = outside
        ? passedOver(planned[index], paused)
        : await decide(setting, position, index);
      // A builder that could not be stopped before its first phase has run already.
      if (decision.action !== 'skip' && built === null && paused === null) {
        paused = await this.#pause('before', phase, position);
        // What is there to reuse may have changed while it waited.
        if (paused?.answer === 'continue') decision = await decide(setting, position, index);
        if (paused?.answer === 'end') decision = passedOver(planned[index], paused);
      }
      if (decision.action === 'skip') {
        await this.#recorder.phaseSkipped(phase, decision.why);
        continue;
      }
      const done: Reached =
        decision.action === 'reuse'
          ? await this.#reuse(phase, decision)
          : await this.#run(setting, start, position, index, decision, built);
      position = done.position;
      ended = done.record.endedBuild;
      if (done.record.status === 'failed') return this.#end('failed', { failed: done.record });
      paused = await this.#pause('after', phase, position);
    }
    if (paused?.answer === 'end') {
      await this.#recorder.endsAt(paused.pause.phase, paused.pause.where);
      return this.#end('succeeded', { snapshot: position.snapshot, endedAt: paused.pause });
    }
    if (last < setting.phases.length - 1) {
      await this.#recorder.endsAt(setting.phases[last] ?? '', 'after');
      return this.#end('succeeded', { snapshot: position.snapshot });
    }
    return this.#judgeOutputs(position.snapshot);
  }

  /** Waits where there is a breakpoint; null where there is none. */
  async #pause(
    where: Pause['where'],
    phase: string,
    { snapshot }: Position,
  ): Promise<Paused | null> {
    const { breakpoints, signal } = this.#context;
    if (breakpoints?.[where].includes(phase) !== true) return null;
    return this.#recorder.paused(phase, where, snapshot, async (pause) =>
      askAtPause(breakpoints, pause, signal),
    );
  }

  async #reuse(
    phase: string,
    { record, next, why }: Extract<Decision, { action: 'reuse' }>,
  ): Promise<Reached> {
    const end = { status: 'reused', snapshot: record.id, ms: 0, exitCode: 0 } as const;
    await this.#recorder.phaseFinished(phase, end, why);
    return { record, position: next };
  }

  async #run(
    setting: PlanSetting,
    start: Start,
    position: Position,
    index: number,
    decision: Extract<Decision, { action: 'run' }>,
    built: LayerOutcome | null,
  ): Promise<Reached> {
    const phase = setting.phases[index] ?? '';
    const isLast = endsBuild(setting.phases, index, position.state);
    await this.#recorder.phaseStarted(phase, decision.why);
    const id = PhaseStore.newId();
    const outcome = built ?? (await this.#runPhase(id, start, position, phase, isLast));
    this.#recorder.waited(outcome.heldMs);
    return orRemoved(this.#context, outcome.key, () =>
      this.#keep(id, setting, start, position, index, decision, outcome),
    );
  }

  /** Commits what a phase left, or finds that it is what was there already. */
  async #keep(
    id: string,
    setting: PlanSetting,
    start: Start,
    position: Position,
    index: number,
    decision: Extract<Decision, { action: 'run' }>,
    outcome: LayerOutcome,
  ): Promise<Reached> {
    const { snapshotter } = this.#context;
    const phase = setting.phases[index] ?? '';
    const isLast = endsBuild(setting.phases, index, position.state);
    const succeeded = outcome.exitCode === 0;
    const completed =
      start.style === 'whole' || (outcome.report?.kind === 'ended' && outcome.report.completed);
    const state = stateAfter(outcome, position.state);
    const layer = await inspectLayer(snapshotter, outcome.key, position);

    const mayHaveTwin = succeeded && completed && !outcome.pardoned && start.style !== 'whole';
    const twin = mayHaveTwin
      ? await findTwin(setting, phase, position, layer.contents, state)
      : null;
    let record: PhaseRecord;
    if (twin !== null) {
      await snapshotter.remove(outcome.key);
      record = twin;
    } else {
      record = await commitLayer(this.#context, outcome, layer, {
        id,
        run: this.#recorder.record.id,
        phase,
        status: !succeeded ? 'failed' : outcome.pardoned ? 'kept' : 'succeeded',
        name: null,
        parent: position.snapshot,
        initial: start.initial ?? id,
        style: start.style,
        phases: start.phases,
        policyText: policyText(this.#context.preparation.request.policy),
        endedBuild: succeeded && !completed && !isLast && !outcome.pardoned,
        stateBytes: shellStateBytes(state),
        beginningBytes: this.#isParentsState(position) ? null : shellStateBytes(position.state),
        failureBytes: succeeded ? null : outcome.failureBytes,
        ingredients: decision.ingredients,
        given: null,
      });
    }
    if (record.status === 'succeeded') {
      for (const key of decision.keys) await this.#context.store.addKey(key, record.id);
    }
    if (record.status === 'kept') await this.#recorder.goesOnFromHandMade(record.id);
    await this.#recorder.phaseFinished(phase, {
      status: succeeded ? 'succeeded' : 'failed',
      snapshot: record.id,
      ms: outcome.ms,
      exitCode: outcome.exitCode,
    });
    return { record, position: { snapshot: record.id, contents: record.contents, state } };
  }

  /** Whether a position's state is the one beside its snapshot: not so after a reuse under an edited derivation. */
  #isParentsState({ snapshot, state }: Position): boolean {
    return snapshot === null || sameState(this.#context.store.state(snapshot), state);
  }

  async #runPhase(
    id: string,
    start: Start,
    { snapshot, state }: Position,
    phase: string,
    isLast: boolean,
  ): Promise<LayerOutcome> {
    const { preparation } = this.#context;
    const whole = start.style === 'whole';
    return runInLayer(this.#context, {
      key: `active-${id}`,
      parent: snapshot,
      phase,
      mode: whole ? 'whole' : 'phase',
      process: whole
        ? builderProcess(preparation)
        : phaseProcess(preparation, state, start.style, phase, isLast ? 'last' : 'more'),
      state: whole ? null : state,
    });
  }

  async #judgeOutputs(snapshot: string | null): Promise<RunResult> {
    const { store, preparation, signal } = this.#context;
    const complaint = await checkOutputs(store, preparation, snapshot, signal);
    const status = complaint === null ? 'succeeded' : 'failed';
    return this.#end(status, { complaint, snapshot });
  }

  async #end(
    status: 'succeeded' | 'failed',
    found: {
      readonly failed?: PhaseRecord;
      readonly complaint?: string | null;
      readonly snapshot?: string | null;
      readonly endedAt?: Pause;
    },
  ): Promise<RunResult> {
    const { failed = null, complaint = null, snapshot = failed?.id ?? null } = found;
    const { endedAt = null } = found;
    const byHand = this.#request.resume !== null || this.#recorder.record.handMade.length > 0;
    await this.#recorder.finished(status, snapshot, byHand);
    const run = this.#recorder.record;
    const handMade = await Promise.all(run.handMade.map((id) => this.#context.store.record(id)));
    const made = handMade.filter((record) => record !== null);
    return { run, failed, complaint, endedAt, handMade: made };
  }
}

/** @param paused where the run waited last */
function passedOver(planned: PlannedPhase | undefined, paused: Paused | null): Decision {
  if (paused?.answer !== 'end') return { action: 'skip', why: planned?.why ?? '' };
  const { where, phase } = paused.pause;
  return { action: 'skip', why: `the run was ended ${where} ${phase}` };
}
