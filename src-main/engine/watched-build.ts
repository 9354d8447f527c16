/** Nix building a derivation, and the breakpoints that its builders print. It ends with {@link WatchedBuild.stop}. */
import { BreakpointReader, type Breakpoint } from '../nix/breakpoint-text.ts';
import type { BuildLog } from '../nix/build-log.ts';
import { build, type NixBuild, type NixBuildOptions } from '../nix/build.ts';
import { Wakeups } from './wakeups.ts';

interface WatchedBuildOptions extends NixBuildOptions {
  readonly onChange: (log: BuildLog) => void;
  readonly signal: AbortSignal;
}

export class WatchedBuild {
  /** Rejects as {@link build} does. */
  readonly end: Promise<NixBuild>;
  /** Resolves when the build has ended, well or not. */
  readonly isOver: Promise<'over'>;
  readonly #over = new AbortController();
  readonly #stop = new AbortController();
  readonly #breakpoints: Breakpoint[] = [];
  readonly #wakeups = new Wakeups();
  #log: BuildLog | null = null;

  constructor(drvPath: string, options: WatchedBuildOptions) {
    const reader = new BreakpointReader();
    this.end = build(drvPath, {
      ...options,
      onChange: (log) => {
        this.#log = log;
        options.onChange(log);
      },
      sink: (line) => {
        options.sink(line);
        const breakpoint = reader.take(line);
        if (breakpoint === null) return;
        this.#breakpoints.push(breakpoint);
        this.#wakeups.wake();
      },
      signal: AbortSignal.any([options.signal, this.#stop.signal]),
    });
    const over = (): 'over' => {
      this.#over.abort();
      return 'over';
    };
    this.isOver = this.end.then(over, over);
  }

  /** Fires when the build has ended. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** What it has told so far, also of a build that was stopped; null for nothing. */
  get log(): BuildLog | null {
    return this.#log;
  }

  /** The next breakpoint; null where the build has ended: what it printed then no longer waits. */
  async next(): Promise<Breakpoint | null> {
    for (;;) {
      const { count } = this.#wakeups;
      if (this.over.aborted) return null;
      const breakpoint = this.#breakpoints.shift();
      if (breakpoint !== undefined) return breakpoint;
      await this.#wakeups.since(count, this.over);
    }
  }

  /** Ends the build, paused or not, and waits until it is gone. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.isOver;
  }
}
