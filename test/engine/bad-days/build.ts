/** Builds in this process, in a place of their own (engine-process.ts), summed up in values that tests compare. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Engine, type BuildWish, type RunHooks } from '../../../src-main/engine/engine.ts';
import type { PhaseRecord } from '../../../src-main/phases/phase-record.ts';
import type { RunEvent } from '../../../src-main/protocol/run-events.ts';
import { nixEnv } from '../real-nix.ts';
import { newPlace, type Place } from './engine-process.ts';

// The engine asks Nix through this process's environment.
process.env['NIX_CONFIG'] = nixEnv['NIX_CONFIG'];

/** The beginning of an expression for a package: its attributes follow. */
export const STDENV = `(import ${fileURLToPath(new URL('../../../resources/host-stdenv', import.meta.url))} { }).mkDerivation`;

export interface Built {
  readonly status: 'succeeded' | 'failed';
  /** How each phase ended. */
  readonly phases: readonly (readonly [string, string])[];
  /** Every line printed. */
  readonly lines: readonly string[];
  readonly failed: PhaseRecord | null;
  /** The last snapshot. */
  readonly snapshot: string;
  /** The scratch path of `out`. */
  readonly output: string;
}

export type Wish = Partial<BuildWish> &
  Partial<Pick<RunHooks, 'signal' | 'onHeld'>> & {
    readonly onEvent?: (event: RunEvent) => void;
  };

/** Builds a target with an engine. */
export async function runIn(engine: Engine, target: string, wish: Wish = {}): Promise<Built> {
  const { signal = new AbortController().signal, onHeld, onEvent, ...rest } = wish;
  const events: RunEvent[] = [];
  const { run, failed } = await engine.run(
    {
      attribute: null,
      from: null,
      until: null,
      reuse: 'smart',
      policy: { kind: 'strict' },
      overrides: new Map(),
      evaluation: {},
      ...rest,
      target,
    },
    {
      emit: (event) => {
        events.push(event);
        onEvent?.(event);
      },
      signal,
      ...(onHeld === undefined ? {} : { onHeld }),
    },
  );
  const finished = events.flatMap((event) => (event.event === 'phase-finished' ? [event] : []));
  return {
    status: run.status === 'succeeded' ? 'succeeded' : 'failed',
    phases: finished.map(({ phase, status }) => [phase, status] as const),
    lines: events.flatMap((event) => (event.event === 'log' ? [event.line] : [])),
    failed,
    snapshot: finished.findLast(({ snapshot }) => snapshot !== null)?.snapshot ?? '',
    output: run.outputs['out'] ?? '',
  };
}

export class Build {
  readonly place: Place;
  #engine: Engine | undefined;

  private constructor(place: Place) {
    this.place = place;
  }

  /** @param env what the engine's environment has beside the usual */
  static open(env: NodeJS.ProcessEnv = {}): Build {
    return new Build(newPlace(env));
  }

  async engine(): Promise<Engine> {
    this.#engine ??= await Engine.open(this.place.env, this.place.directory);
    return this.#engine;
  }

  async close(): Promise<void> {
    await this.#engine?.close();
    this.#engine = undefined;
  }

  /** Writes an expression to a file named after it, and gives its path. */
  file(expression: string): string {
    const name = createHash('sha256').update(expression).digest('hex').slice(0, 12);
    const path = join(this.place.directory, `${name}.nix`);
    writeFileSync(path, expression);
    return path;
  }

  /** Builds an expression, or what `wish.target` names. */
  async run(expression: string, wish: Wish = {}): Promise<Built> {
    return runIn(await this.engine(), wish.target ?? this.file(expression), wish);
  }

  /** A file of a snapshot, one character a byte. */
  async read(snapshot: string, path: string): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of await (await this.engine()).cat(snapshot, path)) {
      chunks.push(Buffer.from(chunk));
    }
    return Buffer.concat(chunks).toString('latin1');
  }
}
