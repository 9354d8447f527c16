/** A run told to a person while it goes: the plan, each phase, its log, and on a terminal a last line that says what is going on. */
import { performance } from 'node:perf_hooks';
import type { BuildWish, RealisationProgress } from '../engine/types.ts';
import { assertNever } from '../protocol/errors.ts';
import type { RunEvent } from '../protocol/run-events.ts';
import type { Front } from './front.ts';
import { overrideRows, renderLabelled } from './render/render-heading.ts';
import { renderLogLine, renderPhaseEnd, renderPhaseStart } from './render/render-phase.ts';
import { renderPlan } from './render/render-plan.ts';
import { renderRealisation } from './render/render-realisation.ts';
import { formatDuration } from './terminal/human-units.ts';

/** How often a pipe or a file hears of the inputs (milliseconds). */
const SELDOM = 10_000;

/** How often the time in the last line goes on (milliseconds). What is over sooner does not flicker there. */
const TICK = 500;

/** Of `target`, the longest label. */
const LABEL_WIDTH = 6;

export class RunReport {
  readonly #front: Front;
  readonly #log: 'shown' | 'hidden';
  readonly #reasons = new Map<string, string>();
  /** The phase whose header was printed last. */
  #headed: string | null = null;
  #activity: { readonly text: string; readonly since: number } | null = null;
  #ticking: NodeJS.Timeout | null = null;
  #toldOfInputs = -Infinity;

  constructor(front: Front, log: 'shown' | 'hidden') {
    this.#front = front;
    this.#log = log;
  }

  /** Says what is to be built, before anything is known about it. */
  begin({ target, attribute }: BuildWish): void {
    const { out, style } = this.#front;
    const words = target ?? 'the current directory';
    const chosen = attribute === null ? words : `${words} -A ${attribute}`;
    out.lines(renderLabelled([['target', chosen]], style, LABEL_WIDTH));
    this.#goOn(`evaluating ${words}`);
  }

  take(event: RunEvent): void {
    const { out, style } = this.#front;
    switch (event.event) {
      case 'planned':
        this.#goOn(null);
        out.lines(
          renderLabelled(
            [
              ['build', event.derivation],
              ['run', event.run],
              ...overrideRows(event.overrides, style),
            ],
            style,
            LABEL_WIDTH,
          ),
        );
        out.line('');
        if (event.phases.length === 0) break;
        out.lines(renderPlan(event.phases, style, out.width));
        out.line('');
        for (const { name, why } of event.phases) this.#reasons.set(name, why);
        break;
      case 'phase-started':
        this.#head(event.phase);
        this.#goOn(event.phase);
        break;
      case 'log':
        if (this.#log === 'hidden') break;
        this.#head(event.phase);
        out.line(renderLogLine(event.line, style));
        break;
      case 'phase-finished': {
        this.#goOn(null);
        const { phase } = event;
        const why = this.#reasons.get(phase) ?? '';
        out.line(renderPhaseEnd(phase, { ...event, why }, style));
        break;
      }
      case 'paused':
      case 'finished':
        this.#goOn(null);
        break;
      default:
        assertNever(event);
    }
  }

  readonly takeRealisation = (progress: RealisationProgress): void => {
    const { out } = this.#front;
    const text = renderRealisation(progress);
    if (text === '') return;
    if (out.isTerminal) {
      this.#activity = { text, since: this.#activity?.since ?? performance.now() };
      return;
    }
    if (performance.now() - this.#toldOfInputs < SELDOM) return;
    this.#toldOfInputs = performance.now();
    out.line(text);
  };

  /** Takes the last line away while somebody else writes. */
  pause(): void {
    this.#goOn(null);
    this.#front.out.flush();
  }

  /** Ends the report: nothing is drawn and no timer runs any more. */
  end(): void {
    this.#goOn(null);
    this.#front.out.close();
  }

  /** The header of a phase, once: its log may come before it is said to have started, as the setup's does. */
  #head(phase: string): void {
    if (this.#log === 'hidden' || this.#headed === phase) return;
    this.#headed = phase;
    this.#front.out.line(renderPhaseStart(phase, this.#front.style));
  }

  /** What goes on from now; null for nothing. */
  #goOn(text: string | null): void {
    if (this.#ticking !== null) clearInterval(this.#ticking);
    this.#ticking = null;
    this.#activity = text === null ? null : { text, since: performance.now() };
    this.#front.out.status(null);
    if (text === null || !this.#front.out.isTerminal) return;
    this.#ticking = setInterval(() => this.#tick(), TICK);
  }

  #tick(): void {
    if (this.#activity === null) return;
    const { text, since } = this.#activity;
    this.#front.out.status(`⋯ ${text}  ${formatDuration(performance.now() - since)}`);
  }
}
