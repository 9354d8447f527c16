/**
 * A run: a plan carried out. Each phase is decided about when its turn comes, reused, passed over, or run in a layer of
 * its own above the one before.
 */
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { policyText } from '../sandbox/policy.ts';
import { StrataError } from '../protocol/errors.ts';
import type { RunEvent } from '../protocol/run-events.ts';
import { decide, rebased, type Decision, type PlanSetting, type Position } from './decide.ts';
import { checkOutputs } from './outputs.ts';
import type { PhaseRecord } from './phase-record.ts';
import {
  builderProcess,
  commitLayer,
  inspectLayer,
  phaseProcess,
  runInLayer,
  stateAfter,
  type PhaseOutcome,
  type PhaseRunContext,
  type Uncommitted,
} from './phase-run.ts';
import { PhaseStore } from './phase-store.ts';
import { planPhases } from './plan.ts';
import { givenValues, type Preparation } from './preparation.ts';
import { sameState } from './rebase.ts';
import type { PhaseRun, RunRecord } from './run-record.ts';
import { SETUP, hasPhases, knownSetup, runSetup, wholeStart, type Start } from './setup.ts';
import { shellStateBytes } from './shell-state.ts';

export interface RunRequest {
  /** What the user opened, as they would type it. */
  readonly target: string;
  readonly reuse: 'strict' | 'smart' | 'force';
  /** The first phase to run whatever could be reused. */
  readonly from: string | null;
  /** The last phase to run. */
  readonly until: string | null;
  /** A snapshot to go on from instead of the plan's own beginning. */
  readonly resume: { readonly record: PhaseRecord; readonly phase: string } | null;
}

export interface RunContext extends PhaseRunContext {
  readonly store: PhaseStore;
  readonly emit: (event: RunEvent) => void;
}

export interface RunResult {
  readonly run: RunRecord;
  /** The snapshot of the phase that failed; null where none did. */
  readonly failed: PhaseRecord | null;
  /** Why the build failed although its phases succeeded, such as a missing output. */
  readonly complaint: string | null;
}

/**
 * Carries out a run.
 *
 * @throws StrataError `usage` for a phase that does not exist, `cancelled`, `environment`, `nix`. A build that fails is a
 *   result and no error.
 */
export async function runPhases(request: RunRequest, context: RunContext): Promise<RunResult> {
  const run = new Run(request, context);
  try {
    return await run.carryOut();
  } catch (error) {
    await run.abandon();
    throw error;
  }
}

class Run {
  readonly #request: RunRequest;
  readonly #context: RunContext;
  readonly #store: PhaseStore;
  readonly #preparation: Preparation;
  readonly #started = performance.now();
  #record: RunRecord;

  constructor(request: RunRequest, context: RunContext) {
    this.#request = request;
    this.#context = context;
    this.#store = context.store;
    this.#preparation = context.preparation;
    const { request: build, lineage, environment } = context.preparation;
    this.#record = {
      schema: 1,
      id: PhaseStore.newId(),
      derivation: build.derivationPath,
      target: request.target,
      lineage,
      outputs: Object.fromEntries(environment.outputs),
      policy:
        build.policy.kind === 'relaxed'
          ? { ...build.policy, binds: [...build.policy.binds] }
          : build.policy,
      overrides: Object.fromEntries(build.overrides),
      reuse: request.reuse,
      status: 'running',
      initial: null,
      phases: [],
      unconfirmed: false,
      createdAt: new Date(context.now()).toISOString(),
      ms: 0,
    };
  }

  async carryOut(): Promise<RunResult> {
    // The store may collect the derivation; its snapshots can be entered all the same.
    const { derivationPath } = this.#preparation.request;
    await this.#store.beginRun(this.#record, await readFile(derivationPath));
    const start = await this.#begin();
    if (start.kind === 'failed') return this.#failedInSetup(start.record);
    return this.#goThrough(start.start, start.built);
  }

  /** Leaves a record that says the run did not come to its end. */
  async abandon(): Promise<void> {
    await this.#save({ status: 'cancelled', ms: this.#elapsed() });
  }

  /** Finds or makes the state before the first phase. */
  async #begin(): Promise<
    | { readonly kind: 'ready'; readonly start: Start; readonly built: PhaseOutcome | null }
    | { readonly kind: 'failed'; readonly record: PhaseRecord }
  > {
    if (!hasPhases(this.#preparation)) {
      // Its scripts may be outputs of dependencies: they are there once the inputs are.
      await this.#preparation.sandbox();
      if (!hasPhases(this.#preparation)) {
        return { kind: 'ready', start: wholeStart(this.#preparation), built: null };
      }
    }
    const known = await knownSetup(this.#store, this.#preparation);
    if (known !== null) return { kind: 'ready', start: known, built: null };
    const result = await runSetup(this.#store, this.#context, this.#record.id);
    switch (result.kind) {
      case 'ready':
        return { kind: 'ready', start: result.start, built: null };
      case 'built':
        return { kind: 'ready', start: result.start, built: result.outcome };
      case 'failed':
        return result;
    }
  }

  async #goThrough(start: Start, built: PhaseOutcome | null): Promise<RunResult> {
    const { request, environment, system } = this.#preparation;
    const setting: PlanSetting = {
      store: this.#store,
      lineage: this.#preparation.lineage,
      style: start.style,
      phases: start.phases,
      initial: start.position.state,
      policy: request.policy,
      system,
      files: environment.files,
      given: givenValues(request),
      reuse: this.#request.reuse,
      from: this.#request.from,
    };
    this.#checkPhaseNames(setting.phases);
    const { position: from, first } = this.#firstPosition(start, setting);
    const planned = await planPhases(setting, from, first, this.#request.until);
    await this.#save({
      initial: start.initial,
      phases: planned.map(({ name, why }) => ({
        name,
        status: 'planned',
        why,
        snapshot: null,
        ms: 0,
        exitCode: 0,
      })),
    });
    this.#context.emit({
      event: 'planned',
      run: this.#record.id,
      derivation: request.derivationPath,
      outputs: this.#record.outputs,
      phases: planned.map(({ name, action, why }) => ({ name, action, why })),
    });

    const last =
      this.#request.until === null
        ? setting.phases.length - 1
        : setting.phases.indexOf(this.#request.until);
    let position = from;
    let lastRecord: PhaseRecord | null = null;
    for (const [index, phase] of setting.phases.entries()) {
      const outside = index < first || index > last;
      const decision: Decision = outside
        ? { action: 'skip', why: planned[index]?.why ?? '' }
        : await decide(setting, position, index);
      switch (decision.action) {
        case 'skip':
          await this.#finishPhase(phase, { status: 'skipped', snapshot: null, ms: 0, exitCode: 0 });
          break;
        case 'reuse':
          position = decision.next;
          lastRecord = decision.record;
          await this.#finishPhase(phase, {
            status: 'reused',
            snapshot: decision.record.id,
            ms: 0,
            exitCode: 0,
          });
          break;
        case 'run': {
          const done = await this.#runPhase(setting, start, position, index, decision, built);
          lastRecord = done.record;
          position = done.position;
          if (done.record.status === 'failed') return this.#end('failed', done.record, null);
          break;
        }
      }
      if (lastRecord?.endedBuild === true && decision.action !== 'skip') {
        await this.#skipRest(setting.phases.slice(index + 1));
        break;
      }
    }
    if (last < setting.phases.length - 1 || lastRecord === null) {
      return this.#end('succeeded', null, null, position.snapshot);
    }
    const complaint = await checkOutputs(
      this.#store,
      this.#preparation,
      lastRecord,
      this.#context.signal,
    );
    return this.#end(complaint === null ? 'succeeded' : 'failed', null, complaint, lastRecord.id);
  }

  async #runPhase(
    setting: PlanSetting,
    start: Start,
    position: Position,
    index: number,
    decision: Extract<Decision, { action: 'run' }>,
    built: PhaseOutcome | null,
  ): Promise<{ readonly record: PhaseRecord; readonly position: Position }> {
    const phase = setting.phases[index] ?? '';
    const isLast = index === setting.phases.length - 1;
    this.#context.emit({ event: 'phase-started', phase });
    await this.#updatePhase(phase, { status: 'running' });
    const id = PhaseStore.newId();
    const whole = start.style === 'whole';
    const outcome =
      built ??
      (await runInLayer(this.#context, {
        key: `active-${id}`,
        parent: position.snapshot,
        phase,
        mode: whole ? 'whole' : 'phase',
        process: whole
          ? builderProcess(this.#preparation)
          : phaseProcess(
              this.#preparation,
              position.state,
              start.style,
              phase,
              isLast ? 'last' : 'more',
            ),
        state: whole ? null : position.state,
      }));
    const succeeded = outcome.exitCode === 0;
    const completed = outcome.report?.kind === 'ended' ? outcome.report.completed : whole;
    const state = stateAfter(outcome, position.state);
    const layer = await inspectLayer(this.#context.snapshotter, outcome.key, position);

    const twin =
      succeeded && completed && !whole && !outcome.pardoned
        ? await this.#twin(setting, phase, layer, state)
        : null;
    if (twin !== null) {
      // The same files and state as once before: going on from there lets what came after it be reused.
      await this.#context.snapshotter.remove(outcome.key);
      for (const key of decision.keys) await this.#store.addKey(key, twin.id);
      await this.#finishPhase(phase, {
        status: 'succeeded',
        snapshot: twin.id,
        ms: outcome.ms,
        exitCode: 0,
      });
      return { record: twin, position: { snapshot: twin.id, contents: twin.contents, state } };
    }
    const record = await commitLayer(this.#context, outcome, layer, {
      id,
      run: this.#record.id,
      phase,
      status: succeeded ? (outcome.pardoned ? 'kept' : 'succeeded') : 'failed',
      name: null,
      parent: position.snapshot,
      initial: start.initial ?? id,
      style: start.style,
      phases: start.phases,
      policyText: policyText(this.#preparation.request.policy),
      endedBuild: succeeded && !completed && !isLast && !outcome.pardoned,
      stateBytes: shellStateBytes(whole && outcome.stateBytes === null ? position.state : state),
      failureBytes: succeeded ? null : outcome.failureBytes,
      ingredients: decision.ingredients,
      given: null,
    });
    if (record.status === 'succeeded') {
      for (const key of decision.keys) await this.#store.addKey(key, id);
    }
    await this.#finishPhase(phase, {
      status: succeeded ? 'succeeded' : 'failed',
      snapshot: id,
      ms: outcome.ms,
      exitCode: outcome.exitCode,
    });
    return { record, position: { snapshot: id, contents: record.contents, state } };
  }

  /** An earlier snapshot of the phase that has the same files and, under this derivation, the same state. */
  async #twin(
    setting: PlanSetting,
    phase: string,
    layer: Uncommitted,
    state: Position['state'],
  ): Promise<PhaseRecord | null> {
    for (const record of await this.#store.records()) {
      const fits =
        record.lineage === setting.lineage &&
        record.phase === phase &&
        record.status === 'succeeded' &&
        !record.endedBuild &&
        record.contents === layer.contents;
      if (fits && sameState(rebased(setting, record).state, state)) return record;
    }
    return null;
  }

  #checkPhaseNames(phases: readonly string[]): void {
    for (const [option, name] of [
      ['--from', this.#request.from],
      ['--until', this.#request.until],
    ] as const) {
      if (name === null || phases.includes(name)) continue;
      throw new StrataError({
        code: 'usage',
        operation: 'planning the run',
        reason: `${option}: there is no phase ${name}`,
        advice: `the phases are ${phases.join(', ')}`,
      });
    }
  }

  /** Where the first phase starts: at the setup, or at a snapshot the person wants to go on from. */
  #firstPosition(
    start: Start,
    setting: PlanSetting,
  ): { readonly position: Position; readonly first: number } {
    const { resume } = this.#request;
    if (resume === null) return { position: start.position, first: 0 };
    const first = setting.phases.indexOf(resume.phase);
    if (first < 0 || resume.record.lineage !== setting.lineage) {
      throw new StrataError({
        code: 'usage',
        operation: `resuming from ${resume.record.name ?? resume.record.id}`,
        reason:
          first < 0
            ? `this derivation has no phase ${resume.phase}`
            : 'it is a snapshot of another package, and its outputs have other paths',
        advice: `the phases are ${setting.phases.join(', ')}`,
      });
    }
    const { state } = rebased(setting, resume.record);
    return {
      position: { snapshot: resume.record.id, contents: resume.record.contents, state },
      first,
    };
  }

  async #failedInSetup(record: PhaseRecord): Promise<RunResult> {
    this.#context.emit({
      event: 'planned',
      run: this.#record.id,
      derivation: this.#record.derivation,
      outputs: this.#record.outputs,
      phases: [],
    });
    await this.#save({
      initial: record.id,
      phases: [
        {
          name: SETUP,
          status: 'failed',
          why: 'before the first phase',
          snapshot: record.id,
          ms: record.ms,
          exitCode: record.exitCode,
        },
      ],
    });
    this.#context.emit({
      event: 'phase-finished',
      phase: SETUP,
      status: 'failed',
      snapshot: record.id,
      ms: record.ms,
      exitCode: record.exitCode,
    });
    return this.#end('failed', record, null);
  }

  async #skipRest(phases: readonly string[]): Promise<void> {
    for (const phase of phases) {
      await this.#finishPhase(phase, { status: 'skipped', snapshot: null, ms: 0, exitCode: 0 });
    }
  }

  async #finishPhase(
    phase: string,
    done: {
      readonly status: 'succeeded' | 'failed' | 'reused' | 'skipped';
      readonly snapshot: string | null;
      readonly ms: number;
      readonly exitCode: number;
    },
  ): Promise<void> {
    await this.#updatePhase(phase, done);
    this.#context.emit({ event: 'phase-finished', phase, ...done });
  }

  async #updatePhase(phase: string, change: Partial<PhaseRun>): Promise<void> {
    await this.#save({
      phases: this.#record.phases.map((entry) =>
        entry.name === phase ? { ...entry, ...change } : entry,
      ),
    });
  }

  async #end(
    status: 'succeeded' | 'failed',
    failed: PhaseRecord | null,
    complaint: string | null,
    snapshot: string | null = failed?.id ?? null,
  ): Promise<RunResult> {
    const ms = this.#elapsed();
    await this.#save({
      status,
      ms,
      unconfirmed:
        this.#request.resume !== null ||
        this.#record.phases.some((phase) => phase.status === 'reused'),
    });
    this.#context.emit({ event: 'finished', status, ms, snapshot });
    return { run: this.#record, failed, complaint };
  }

  async #save(change: Partial<RunRecord>): Promise<void> {
    this.#record = { ...this.#record, ...change };
    await this.#store.saveRun(this.#record);
  }

  #elapsed(): number {
    return Math.round(performance.now() - this.#started);
  }
}
