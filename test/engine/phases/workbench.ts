/**
 * A place to try out builds: a directory for Nix files, a cache of its own, and an engine on it.
 *
 * Packages are written as Nix attributes and built with one of several stdenvs: the host stdenv of resources/, and
 * nixpkgs' own where the machine has it (`nixpkgs-stdenv.ts`).
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Engine, type BuildWish } from '../../../src-main/engine/engine.ts';
import type { Breakpoints } from '../../../src-main/phases/breakpoints.ts';
import { traceDirectory, type Tracing } from '../../../src-main/phases/tracing.ts';
import type { PhaseRecord } from '../../../src-main/phases/phase-record.ts';
import type { RunEvent } from '../../../src-main/protocol/run-events.ts';
import { nixEnv } from '../real-nix.ts';

// The engine asks Nix through this process's environment.
process.env['NIX_CONFIG'] = nixEnv['NIX_CONFIG'];

/** The parts of a wish that a test may want to say something about. */
export interface Wish {
  readonly from?: string;
  readonly until?: string;
  readonly reuse?: BuildWish['reuse'];
  readonly policy?: BuildWish['policy'];
  readonly set?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly breakpoints?: Breakpoints;
  readonly tracing?: Tracing;
}

/** A phase as it was planned. */
export interface Planned {
  readonly name: string;
  readonly action: 'run' | 'reuse' | 'skip';
  readonly why: string;
}

/** What a run came to, in values that do not differ from run to run. */
export interface Ran {
  readonly status: 'succeeded' | 'failed';
  readonly planned: readonly Planned[];
  /** `succeeded`, `failed`, `reused` or `skipped`, by phase, in the order in which they were dealt with. */
  readonly phases: readonly (readonly [string, string])[];
  /** What each phase printed; also `setup`. */
  readonly log: ReadonlyMap<string, string>;
  /** Every line printed, in order. */
  readonly lines: readonly string[];
  readonly complaint: string | null;
  readonly failed: PhaseRecord | null;
  /** The last snapshot. */
  readonly snapshot: string;
  /** Snapshots by phase. */
  readonly snapshots: ReadonlyMap<string, string>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly derivation: string;
  /** Where what was traced of a phase is kept. */
  readonly traces: (phase: string) => string;
}

export class Workbench {
  readonly directory: string;
  readonly cache: string;
  #engine: Engine | undefined;
  #forks = 0;

  private constructor(directory: string, cache: string) {
    this.directory = directory;
    this.cache = cache;
  }

  static open(): Workbench {
    const directory = realpathSync(mkdtempSync(join(tmpdir(), 'strata-phases-')));
    return new Workbench(directory, join(directory, 'cache'));
  }

  /** The same place with another cache, which begins as this one's is now. It is closed with the first. */
  async fork(): Promise<Workbench> {
    await this.closeEngine();
    this.#forks += 1;
    const fork = new Workbench(this.directory, `${this.cache}-${this.#forks}`);
    const { status, stderr } = spawnSync('cp', ['-a', this.cache, fork.cache], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`copying ${this.cache}: ${stderr}`);
    return fork;
  }

  async close(): Promise<void> {
    await this.closeEngine();
    // Copies of store paths are read-only, and overlay's work directory may not be entered.
    spawnSync('chmod', ['-R', 'u+rwX', this.directory]);
    rmSync(this.directory, { recursive: true, force: true });
  }

  async engine(): Promise<Engine> {
    this.#engine ??= await Engine.open(
      { ...process.env, XDG_CACHE_HOME: this.cache },
      this.directory,
    );
    return this.#engine;
  }

  async closeEngine(): Promise<void> {
    await this.#engine?.close();
    this.#engine = undefined;
  }

  /** Writes a file and gives its path. */
  write(name: string, text: string | Uint8Array): string {
    const path = join(this.directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** The file with an expression. Its name follows from it, so that a test can have several. */
  file(expression: string): string {
    const name = createHash('sha256').update(expression).digest('hex').slice(0, 12);
    const path = join(this.directory, `${name}.nix`);
    // Written once: another plan may be reading it.
    return existsSync(path) ? path : this.write(`${name}.nix`, expression);
  }

  /** Builds what a Nix expression gives. */
  async run(expression: string, wish: Wish = {}): Promise<Ran> {
    const engine = await this.engine();
    const events: RunEvent[] = [];
    const result = await engine.run(this.wish(expression, wish), {
      emit: (event) => events.push(event),
      signal: wish.signal ?? new AbortController().signal,
      ...(wish.breakpoints === undefined ? {} : { breakpoints: wish.breakpoints }),
      ...(wish.tracing === undefined ? {} : { tracing: wish.tracing }),
    });
    const finished = events.flatMap((event) => (event.event === 'phase-finished' ? [event] : []));
    const logged = events.flatMap((event) => (event.event === 'log' ? [event] : []));
    const planned = events.find((event) => event.event === 'planned');
    return {
      status: result.run.status === 'succeeded' ? 'succeeded' : 'failed',
      planned: (planned?.phases ?? []).map(({ name, action, why }) => ({ name, action, why })),
      phases: finished.map(({ phase, status }) => [phase, status] as const),
      log: new Map(
        [...new Set(logged.map(({ phase }) => phase))].map((name) => [
          name,
          logged.flatMap(({ phase, line }) => (phase === name ? [`${line}\n`] : [])).join(''),
        ]),
      ),
      lines: logged.map(({ line }) => line),
      complaint: result.complaint,
      failed: result.failed,
      snapshot: finished.findLast(({ snapshot }) => snapshot !== null)?.snapshot ?? '',
      snapshots: new Map(
        finished.flatMap(({ phase, snapshot }) =>
          snapshot === null ? [] : [[phase, snapshot] as const],
        ),
      ),
      outputs: planned?.outputs ?? {},
      derivation: planned?.derivation ?? '',
      traces: (phase) => traceDirectory(engine.store.runDirectory(result.run.id), phase),
    };
  }

  /** What a run would do. */
  async plan(expression: string, wish: Wish = {}): Promise<readonly Planned[]> {
    const engine = await this.engine();
    const { phases } = await engine.plan(
      this.wish(expression, wish),
      wish.signal ?? new AbortController().signal,
    );
    return phases.map(({ name, action, why }) => ({ name, action, why }));
  }

  /** What a front would ask the engine for. */
  wish(expression: string, wish: Wish): BuildWish {
    return {
      target: this.file(expression),
      attribute: null,
      from: wish.from ?? null,
      until: wish.until ?? null,
      reuse: wish.reuse ?? 'smart',
      policy: wish.policy ?? { kind: 'strict' },
      overrides: new Map(Object.entries(wish.set ?? {})),
      evaluation: {},
    };
  }

  /** The text of a file in a snapshot; null where there is none. */
  async read(snapshot: string, path: string): Promise<string | null> {
    const { store } = await this.engine();
    if ((await store.snapshotter.lookup(snapshot, path)) === null) return null;
    const chunks: Buffer[] = [];
    for await (const chunk of await store.snapshotter.readFile(snapshot, path)) {
      chunks.push(Buffer.from(chunk));
    }
    return Buffer.concat(chunks).toString('latin1');
  }
}
