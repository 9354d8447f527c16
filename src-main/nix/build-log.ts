/**
 * A build by Nix, as the events of its log tell of it (log-events.ts): the derivations with their states and phases, what
 * is fetched and copied, and the errors. Lines go on to a sink at once: a build may print more than the memory holds.
 *
 * Nix gives no times, so those of arrival are passed in (milliseconds since 1970), null where nobody knows. Its `stop` carries no outcome: a build
 * that stopped was good unless a message says otherwise, which comes before the `stop` until Nix 2.31 and after it since.
 */
import { stripVTControlCharacters } from 'node:util';
import { AnnouncedPaths } from './announced-paths.ts';
import { BuildTransfers, type Transfer } from './build-transfers.ts';
import { derivationWithoutInputs, failedDerivation, withoutLogTail } from './failure-message.ts';
import type { LogEvent } from './log-events.ts';
import { LoggedPhases, type LoggedPhase } from './logged-phases.ts';

export type BuildState =
  /** Nix has said that it will be built. */
  | 'waiting'
  | 'building'
  | 'built'
  /** By itself. */
  | 'failed'
  /** An input failed, so it was never begun. */
  | 'input-failed'
  /** Ended with the whole, because another failed or a person wished it. */
  | 'stopped'
  /** The whole ended before it was begun. */
  | 'not-built'
  /** Its log does not say how it ended. */
  | 'unknown';

export interface DerivationBuild {
  /** Store path of the `.drv`. */
  readonly derivation: string;
  readonly state: BuildState;
  /** The remote builder's address; null here. */
  readonly machine: string | null;
  readonly phases: readonly LoggedPhase[];
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** How many lines it has printed. */
  readonly lines: number;
  /** Nix's whole message without colours, where it failed; null otherwise. */
  readonly reason: string | null;
  /** What it waits for in Nix's words, such as a machine or a lock; null for nothing that Nix tells. */
  readonly waitsFor: string | null;
}

/** A line of a builder. */
export interface BuilderLine {
  readonly derivation: string;
  readonly text: string;
  /** Its own among those of its derivation, from 0. */
  readonly number: number;
  /** Null in a log without times. */
  readonly at: number | null;
  /** Null before the first phase. */
  readonly phase: string | null;
}

/** Takes the lines of all builders as they come. */
export type LineSink = (line: BuilderLine) => void;

/** Messages and errors that are kept, the last ones. */
const MOST_MESSAGES = 1000;

/** What a post-build hook prints comes under this name. */
const HOOK_PHASE = 'post-build-hook';

/** `note: keeping build directory '/tmp/nix-build-hello.drv-0'` */
const KEPT_DIRECTORY = /\bkeeping build directory '([^'\n]+)'/;

export interface BuildChanges {
  /** To be given at the next question. */
  readonly version: number;
  readonly derivations: readonly DerivationBuild[];
  readonly transfers: readonly Transfer[];
}

export class BuildLog {
  readonly #sink: LineSink;
  /** Whether other builds go on after a failure (`--keep-going`). */
  readonly #afterFailure: 'end' | 'go-on';
  /** By store path, in the order in which they were first heard of. */
  readonly #derivations = new Map<string, Entry>();
  /** The builds and hooks that go on, by the activity's id. */
  readonly #activities = new Map<string, Activity>();
  readonly #transfers = new BuildTransfers();
  readonly #announced = new AnnouncedPaths();
  readonly #errors = new LastTexts();
  readonly #messages = new LastTexts();
  readonly #keptDirectories: string[] = [];
  #version = 0;
  /** Whether whatever stops from now on was stopped. */
  #isEnding = false;

  constructor(sink: LineSink, afterFailure: 'end' | 'go-on' = 'end') {
    this.#sink = sink;
    this.#afterFailure = afterFailure;
  }

  get derivations(): readonly DerivationBuild[] {
    return Array.from(this.#derivations.values(), (entry) => entry.view());
  }

  get transfers(): readonly Transfer[] {
    return this.#transfers.all;
  }

  /** Nix's error messages without colours, the last thousand. */
  get errors(): readonly string[] {
    return this.#errors.all;
  }

  /** What else Nix and its helpers said, without colours, the last thousand lines. */
  get messages(): readonly string[] {
    return this.#messages.all;
  }

  /** Build directories of failed builds that Nix has kept (`--keep-failed`). */
  get keptDirectories(): readonly string[] {
    return this.#keptDirectories;
  }

  /** Those whose own builder failed, in the order in which Nix told of it. */
  get failed(): readonly DerivationBuild[] {
    return this.derivations
      .filter(({ state }) => state === 'failed')
      .toSorted((one, other) => (one.endedAt ?? Infinity) - (other.endedAt ?? Infinity));
  }

  /** Grows with each change; of printed lines too. */
  get version(): number {
    return this.#version;
  }

  /** What has changed since an earlier version; 0 for all. */
  since(version: number): BuildChanges {
    const entries = [...this.#derivations.values()].filter((entry) => entry.version > version);
    return {
      version: this.#version,
      derivations: entries.map((entry) => entry.view()),
      transfers: this.#transfers.since(version),
    };
  }

  /** Takes the next event. Never throws but what the sink throws. */
  take(event: LogEvent, at: number | null): void {
    switch (event.kind) {
      case 'start':
        this.#start(event, at);
        break;
      case 'stop':
        this.#stop(event.id, at);
        break;
      case 'result':
        this.#result(event, at);
        break;
      case 'message':
        this.#message(event.level, stripVTControlCharacters(event.message), at);
        break;
      case 'text':
        this.#messages.add(stripVTControlCharacters(event.line));
        break;
      case 'other':
        break;
    }
  }

  /** A person stops it all: what ends from now on has not come to its own end. */
  interrupt(): void {
    this.#isEnding = true;
  }

  /** Nix has ended, and its log with it. */
  end(outcome: 'succeeded' | 'failed' | 'unknown', at: number | null): void {
    for (const id of [...this.#activities.keys()]) {
      if (outcome === 'failed') this.#isEnding = true;
      const activity = this.#activities.get(id);
      this.#stop(id, at);
      if (outcome === 'unknown' && activity?.kind === 'build') {
        this.#change(activity.entry, { state: 'unknown' });
      }
    }
    for (const entry of this.#derivations.values()) {
      if (entry.state === 'waiting') this.#change(entry, { state: 'not-built', waitsFor: null });
      // One whose activity is lost, as in a log that uses an id twice.
      if (entry.state === 'building') this.#ended(entry, at);
    }
    this.#transfers.endAll(at, this.#next());
  }

  #start(event: EventOf<'start'>, at: number | null): void {
    const { id, parent, activity } = event;
    switch (activity.kind) {
      case 'build': {
        const entry = this.#entry(activity.derivation);
        this.#activities.set(id, { kind: 'build', entry });
        this.#change(entry, {
          state: 'building',
          machine: activity.machine === '' ? null : activity.machine,
          startedAt: at,
          endedAt: null,
          reason: null,
          waitsFor: null,
        });
        break;
      }
      case 'post-build-hook': {
        const entry = this.#entry(activity.derivation);
        this.#activities.set(id, { kind: 'hook', entry });
        entry.phases.takeName(HOOK_PHASE, entry.lines, at);
        this.#change(entry, {});
        break;
      }
      case 'build-waiting': {
        const derivation = activity.derivation;
        if (derivation === '') break;
        const entry = this.#entry(derivation);
        this.#activities.set(id, { kind: 'wait', entry });
        this.#change(entry, { waitsFor: stripVTControlCharacters(event.text) });
        break;
      }
      case 'builds':
        this.#activities.set(id, { kind: 'builds' });
        break;
      case 'copy-path':
      case 'file-transfer':
      case 'substitute':
        this.#transfers.start(id, parent, activity, at, this.#next());
        break;
      case 'realise':
      case 'copy-paths':
      case 'optimise-store':
      case 'verify-paths':
      case 'query-path-info':
      case 'fetch-tree':
      case 'other':
        // They group others, or pass at once.
        break;
    }
  }

  #stop(id: string, at: number | null): void {
    const activity = this.#activities.get(id);
    if (activity === undefined) {
      this.#transfers.stop(id, at, this.#next());
      return;
    }
    this.#activities.delete(id);
    switch (activity.kind) {
      case 'build':
        this.#ended(activity.entry, at);
        break;
      case 'hook':
        activity.entry.phases.end(at);
        this.#change(activity.entry, {});
        break;
      case 'wait':
        this.#change(activity.entry, { waitsFor: null });
        break;
      case 'builds':
        // Nix does not stop each build that it ends (2.8 to 2.34: not the last one), only all of them together.
        for (const [build, { kind }] of [...this.#activities]) {
          if (kind === 'build') this.#stop(build, at);
        }
        break;
    }
  }

  #ended(entry: Entry, at: number | null): void {
    entry.phases.end(at);
    if (entry.state === 'failed') this.#change(entry, { endedAt: entry.endedAt ?? at });
    else this.#change(entry, { state: this.#isEnding ? 'stopped' : 'built', endedAt: at });
  }

  #result({ id, result }: EventOf<'result'>, at: number | null): void {
    if (result.kind === 'progress') {
      this.#transfers.progress(id, result, this.#next());
      return;
    }
    const activity = this.#activities.get(id);
    if (activity === undefined || activity.kind === 'builds') return;
    const { entry } = activity;
    if (result.kind === 'set-phase') {
      entry.phases.takeName(result.phase, entry.lines, at);
      this.#change(entry, {});
    } else if (result.kind === 'build-log-line' || result.kind === 'post-build-log-line') {
      const { derivation, phases, lines: number } = entry;
      phases.takeLine(result.line, number, at);
      this.#sink({ derivation, text: result.line, number, at, phase: phases.current });
      entry.lines += 1;
      entry.version = this.#next();
    }
  }

  #message(level: number, text: string, at: number | null): void {
    const announced = this.#announced.take(text);
    if (announced !== null) {
      if (announced.will === 'fetch') this.#transfers.announce(announced.path, this.#next());
      else this.#entry(announced.path);
      return;
    }
    const [, kept] = KEPT_DIRECTORY.exec(text) ?? [];
    if (kept !== undefined) this.#keptDirectories.push(kept);
    if (level > 0) {
      this.#messages.add(text);
      return;
    }
    this.#errors.add(text);
    const waiting = derivationWithoutInputs(text);
    if (waiting !== null) {
      this.#change(this.#entry(waiting), { state: 'input-failed', waitsFor: null });
      return;
    }
    const failed = failedDerivation(text);
    if (failed !== null) this.#fail(this.#entry(failed), text, at);
  }

  #fail(entry: Entry, message: string, at: number | null): void {
    const reason = withoutLogTail(message.replace(/^error: /, ''));
    entry.phases.end(at);
    this.#change(entry, { state: 'failed', reason, endedAt: entry.endedAt ?? at, waitsFor: null });
    if (this.#afterFailure === 'end') this.#isEnding = true;
  }

  #entry(derivation: string): Entry {
    const known = this.#derivations.get(derivation);
    if (known !== undefined) return known;
    const entry = new Entry(derivation, this.#next());
    this.#derivations.set(derivation, entry);
    return entry;
  }

  #change(entry: Entry, change: Partial<EntryFields>): void {
    Object.assign(entry, change);
    entry.version = this.#next();
  }

  #next(): number {
    this.#version += 1;
    return this.#version;
  }
}

type EventOf<Kind extends LogEvent['kind']> = Extract<LogEvent, { readonly kind: Kind }>;

type Activity =
  { readonly kind: 'build' | 'hook' | 'wait'; readonly entry: Entry } | { readonly kind: 'builds' };

type EntryFields = Pick<
  Entry,
  'state' | 'machine' | 'startedAt' | 'endedAt' | 'reason' | 'waitsFor'
>;

/** A derivation while it is heard of. */
class Entry {
  readonly derivation: string;
  readonly phases = new LoggedPhases();
  state: BuildState = 'waiting';
  machine: string | null = null;
  startedAt: number | null = null;
  endedAt: number | null = null;
  lines = 0;
  reason: string | null = null;
  waitsFor: string | null = null;
  /** That of its last change. */
  version: number;

  constructor(derivation: string, version: number) {
    this.derivation = derivation;
    this.version = version;
  }

  view(): DerivationBuild {
    const { derivation, state, machine, startedAt, endedAt, lines, reason, waitsFor } = this;
    const phases = this.phases.all;
    return { derivation, state, machine, phases, startedAt, endedAt, lines, reason, waitsFor };
  }
}

class LastTexts {
  #texts: string[] = [];

  get all(): readonly string[] {
    return this.#texts.slice(-MOST_MESSAGES);
  }

  add(text: string): void {
    this.#texts.push(text);
    if (this.#texts.length > 2 * MOST_MESSAGES) this.#texts = this.#texts.slice(-MOST_MESSAGES);
  }
}
