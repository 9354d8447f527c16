/** What a run tells while it goes: the lines of `strata run --json` and what the window shows. */

export interface PlannedPhaseEvent {
  readonly name: string;
  readonly action: 'run' | 'reuse' | 'skip';
  readonly why: string;
  /** Milliseconds that reusing saves; 0 where it is not reused. */
  readonly savedMs: number;
}

/** A value given with --set. */
export interface Override {
  readonly name: string;
  /** As it was typed. */
  readonly value: string;
  /** Whether the derivation gives a variable of this name to its builder. */
  readonly effect: 'replaces' | 'adds';
  /** Names that may have been meant; none where the stdenv reads a variable of this one. */
  readonly similar: readonly string[];
}

export type RunEvent =
  | {
      readonly event: 'planned';
      readonly run: string;
      /** Store path of the `.drv`. */
      readonly derivation: string;
      /** The scratch path of each output. */
      readonly outputs: Readonly<Record<string, string>>;
      readonly overrides: readonly Override[];
      readonly phases: readonly PlannedPhaseEvent[];
    }
  | { readonly event: 'phase-started'; readonly phase: string }
  | { readonly event: 'log'; readonly phase: string; readonly line: string }
  | {
      readonly event: 'phase-finished';
      readonly phase: string;
      readonly status: 'succeeded' | 'failed' | 'reused' | 'skipped';
      readonly snapshot: string | null;
      readonly ms: number;
      readonly exitCode: number;
    }
  | {
      /** Between two phases, at a breakpoint: what comes next, if anything, is told when it goes on. */
      readonly event: 'paused';
      readonly phase: string;
      readonly where: 'before' | 'after';
      /** The snapshot reached; null where there is none. */
      readonly snapshot: string | null;
    }
  | {
      readonly event: 'finished';
      /** Also `failed` where it was stopped, or ended by an error. */
      readonly status: 'succeeded' | 'failed';
      readonly ms: number;
      /** The last snapshot reached; null where there is none. */
      readonly snapshot: string | null;
    };
