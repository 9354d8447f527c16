/** What is written down and told of a run while it goes: its record on the disk and the events of the protocol. */
import { performance } from 'node:perf_hooks';
import { StrataError } from '../protocol/errors.ts';
import type { Override, RunEvent } from '../protocol/run-events.ts';
import type { Pause } from './breakpoints.ts';
import { confirmedKey } from './confirmed-key.ts';
import type { PhaseStore } from './phase-store.ts';
import type { PlannedPhase } from './plan.ts';
import type { PhaseRun, RunRecord } from './run-record.ts';

/** How a phase of a run ended. */
export interface PhaseEnd {
  readonly status: 'succeeded' | 'failed' | 'reused' | 'skipped';
  readonly snapshot: string | null;
  readonly ms: number;
  readonly exitCode: number;
}

/** A builder that turns out to have no phases is not kept waiting for a plan. */
const MOST_EARLY_LINES = 1000;

const SKIPPED: PhaseEnd = { status: 'skipped', snapshot: null, ms: 0, exitCode: 0 };

export class RunRecorder {
  readonly #store: PhaseStore;
  readonly #emit: (event: RunEvent) => void;
  readonly #started = performance.now();
  /** Time that went by at breakpoints and held failures, which is a person's and not the build's (milliseconds). */
  #waited = 0;
  /** When the phase began that runs now. */
  #phaseStarted = performance.now();
  #record: RunRecord;
  readonly #overrides: readonly Override[];
  #isPlanTold = false;
  /** What the setup printed before there was a plan: the plan is told first. */
  #early: { readonly phase: string; readonly line: string }[] | null = [];

  /** @param overrides what is known of the values of --set before there is a plan */
  constructor(
    store: PhaseStore,
    emit: (event: RunEvent) => void,
    record: RunRecord,
    overrides: readonly Override[],
  ) {
    this.#store = store;
    this.#emit = emit;
    this.#record = record;
    this.#overrides = overrides;
  }

  get record(): RunRecord {
    return this.#record;
  }

  /** @param derivation the text of the `.drv`: the store may collect it, and its snapshots be entered all the same */
  async begin(derivation: Uint8Array): Promise<void> {
    await this.#store.beginRun(this.#record, derivation);
  }

  /** @param initial the snapshot of the setup; null where the builder has none */
  async hasSetup(initial: string | null): Promise<void> {
    if (initial !== null) await this.#save({ initial });
  }

  async planned(phases: readonly PlannedPhase[], overrides: readonly Override[]): Promise<void> {
    const runs = phases.map(({ name, why }): PhaseRun => ({
      name,
      status: 'planned',
      why,
      snapshot: null,
      ms: 0,
      exitCode: 0,
    }));
    await this.#save({ phases: runs });
    this.#tellPlan(phases, overrides);
    this.#flushEarly();
  }

  /** Tells of a line of a phase's log. */
  logged(phase: string, line: string): void {
    if (this.#early !== null && this.#early.length < MOST_EARLY_LINES) {
      this.#early.push({ phase, line });
      return;
    }
    this.#flushEarly();
    this.#emit({ event: 'log', phase, line });
  }

  /** @param why why it runs, which may be known better than when the run was planned */
  async phaseStarted(phase: string, why: string): Promise<void> {
    this.#phaseStarted = performance.now();
    this.#emit({ event: 'phase-started', phase });
    await this.#update(phase, { status: 'running', why });
  }

  /** @param why why it was reused; left out where the phase was told to start */
  async phaseFinished(phase: string, end: PhaseEnd, why?: string): Promise<void> {
    await this.#update(phase, why === undefined ? end : { ...end, why });
    this.#emit({ event: 'phase-finished', phase, ...end });
  }

  async phaseSkipped(phase: string, why: string): Promise<void> {
    await this.phaseFinished(phase, SKIPPED, why);
  }

  /**
   * Tells of a breakpoint and waits there.
   *
   * @param ask given where the run stands
   */
  async paused<T>(
    phase: string,
    where: 'before' | 'after',
    snapshot: string | null,
    ask: (pause: Pause) => Promise<T>,
  ): Promise<{ readonly pause: Pause; readonly answer: T }> {
    this.#emit({ event: 'paused', phase, where, snapshot });
    const { id, phases } = this.#record;
    const reached = phases.findLast((entry) => snapshot !== null && entry.snapshot === snapshot);
    const pause = { run: id, phase, where, snapshot, reached: reached?.name ?? null };
    const began = performance.now();
    try {
      return { pause, answer: await ask(pause) };
    } finally {
      this.#waited += performance.now() - began;
    }
  }

  /** Some of the run's time was a person's, at a held failure. */
  waited(ms: number): void {
    this.#waited += ms;
  }

  async goesOnFromHandMade(snapshot: string): Promise<void> {
    await this.#save({ handMade: [snapshot, ...this.#record.handMade] });
  }

  /** A setup is no phase of the plan, unless it fails: then it is all there is. */
  async setupFailed(phase: string, end: PhaseEnd): Promise<void> {
    const run: PhaseRun = { name: phase, why: 'before the first phase', ...end };
    await this.#save({ initial: end.snapshot, phases: [run] });
    this.#tellPlan([], this.#overrides);
    this.#emit({ event: 'phase-started', phase });
    this.#flushEarly();
    this.#emit({ event: 'phase-finished', phase, ...end });
  }

  /** It is to end there, before the last phase. */
  async endsAt(phase: string, where: 'before' | 'after'): Promise<void> {
    await this.#save({ endsAt: { phase, where } });
  }

  /** @param byHand whether the run went on from a state that a person made */
  async finished(
    status: 'succeeded' | 'failed',
    snapshot: string | null,
    byHand: boolean,
  ): Promise<void> {
    const ms = this.#elapsed();
    const reused = this.#record.phases.some((phase) => phase.status === 'reused');
    const unconfirmed = (byHand || reused) && !(await this.#isConfirmed(snapshot));
    await this.#save({ status, ms, unconfirmed });
    this.#emit({ event: 'finished', status, ms, snapshot });
  }

  /** Whether Nix has built the same as this state holds, for an earlier run of the derivation. */
  async #isConfirmed(snapshot: string | null): Promise<boolean> {
    const confirmed = await this.#store.byKey(confirmedKey(this.#record.derivation));
    return confirmed !== null && confirmed.id === snapshot;
  }

  /** Leaves a record that says the run did not come to its end, and tells of it: stopped by a person, or by an error. */
  async abandoned(error: unknown): Promise<void> {
    const isStopped = error instanceof StrataError && error.code === 'cancelled';
    const ms = this.#elapsed();
    try {
      const phaseMs = Math.round(performance.now() - this.#phaseStarted);
      const phases = this.#record.phases.map((phase) =>
        phase.status === 'running' ? { ...phase, ms: phaseMs } : phase,
      );
      await this.#save({ status: isStopped ? 'cancelled' : 'error', ms, phases });
    } finally {
      if (!this.#isPlanTold) this.#tellPlan([], this.#overrides);
      this.#flushEarly();
      const { phases, initial } = this.#record;
      const reached = phases.findLast(({ snapshot }) => snapshot !== null)?.snapshot ?? initial;
      this.#emit({ event: 'finished', status: 'failed', ms, snapshot: reached });
    }
  }

  #tellPlan(phases: readonly PlannedPhase[], overrides: readonly Override[]): void {
    const { id, derivation, outputs } = this.#record;
    this.#isPlanTold = true;
    this.#emit({ event: 'planned', run: id, derivation, outputs, overrides, phases });
  }

  #flushEarly(): void {
    const early = this.#early ?? [];
    this.#early = null;
    for (const { phase, line } of early) this.#emit({ event: 'log', phase, line });
  }

  async #update(phase: string, change: Partial<PhaseRun>): Promise<void> {
    const phases = this.#record.phases.map((entry) =>
      entry.name === phase ? { ...entry, ...change } : entry,
    );
    await this.#save({ phases });
  }

  async #save(change: Partial<RunRecord>): Promise<void> {
    this.#record = { ...this.#record, ...change };
    await this.#store.saveRun(this.#record);
  }

  #elapsed(): number {
    return Math.round(performance.now() - this.#started - this.#waited);
  }
}
