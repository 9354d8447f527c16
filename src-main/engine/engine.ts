/** The engine: what the fronts ask for, composed from the parts. Knows no terminal, no window and no Electron. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { readConfiguration, type NixConfiguration } from '../nix/configuration.ts';
import { parseDerivation, readDerivation } from '../nix/aterm.ts';
import type { Derivation } from '../nix/derivation.ts';
import { attributes, evaluate, type EvaluationOptions } from '../nix/evaluate.ts';
import {
  ignoredOption,
  permittedOptions,
  permittedSetting,
  type PermittedOption,
} from '../nix/permitted-options.ts';
import type { IgnoredSetting } from '../nix/ignored-settings.ts';
import type { RealisationProgress } from '../nix/realisation-progress.ts';
import { storeDirectory } from '../nix/store-path.ts';
import { parseTarget, type Target } from '../nix/target.ts';
import { realiseDerivation, realiseInputs, type RealiseOptions } from '../nix/realise.ts';
import type { PhaseRecord } from '../phases/phase-record.ts';
import type { RunRecord } from '../phases/run-record.ts';
import { findRun, findSnapshot } from '../phases/snapshot-reference.ts';
import { attachCommand, inspectHeld } from '../shells/attach-command.ts';
import type { PtyShell } from '../shells/pty-shell.ts';
import type { TerminalSize } from '../shells/pty.ts';
import { cntrAsRoot } from '../shells/attach-ways.ts';
import type { ShellResult } from '../shells/shell-session.ts';
import type { Change } from '../snapshots/change.ts';
import type { Breakpoints } from '../phases/breakpoints.ts';
import type { HeldPhase } from '../phases/layer-run.ts';
import { describeOverrides } from '../phases/overrides.ts';
import { PhaseStore } from '../phases/phase-store.ts';
import { planPhases, type PlannedPhase } from '../phases/plan.ts';
import { planSetting } from '../phases/plan-setting.ts';
import { checkRange, firstPosition } from '../phases/run-start.ts';
import { predictStart } from '../phases/predict.ts';
import { prepareBuild, type BuildSurroundings, type Preparation } from '../phases/preparation.ts';
import { rootsDirectory } from '../phases/materials.ts';
import { runPhases, type RunResult } from '../phases/run.ts';
import type { Tracer, Tracing } from '../phases/tracing.ts';
import { StrataError } from '../protocol/errors.ts';
import type { Override, RunEvent } from '../protocol/run-events.ts';
import type { Policy } from '../sandbox/policy.ts';
import { openSnapshotter, type OpenedStore } from '../snapshots/choose-backend.ts';
import { sweep } from '../snapshots/sweep.ts';
import { cacheDirectory, makePrivate, preferredBackend } from './cache-directory.ts';
import {
  checkLibraries,
  phaseRoot,
  type CheckedPath,
  type LibraryCheck,
} from './check-libraries.ts';
import { collect, type CollectionReport, type CollectionWish } from './collect.ts';
import { compareNamed, type Comparison } from './comparing.ts';
import { exportCache, type CacheExport, type CacheExportWish } from './export-cache.ts';
import { exportImage, type ImageExport, type ImageExportWish } from './export-image.ts';
import { importImage, type ImageImport, type ImageImportWish } from './import-image.ts';
import { confirm, type Confirmation, type ConfirmOptions } from './confirming.ts';
import { explain, type ExplainOptions, type Explanation } from './explain.ts';
import { nixShell, type NixShellOptions } from './nix-shell.ts';
import {
  nixBuild,
  type NixBuildHooks,
  type NixBuildResult,
  type NixBuildWish,
} from './nix-build.ts';
import { openNixLog, type NixLog } from './nix-log.ts';
import { thisUser } from './nix-user.ts';
import { MountedStates } from './mounted-states.ts';
import { openPtyShell, openShell, type ShellWish } from './open-shell.ts';
import { pathInOutputs } from './output-paths.ts';
import { recordedLogs, type RecordedLog } from './recorded-logs.ts';
import { resumePoint } from './resume-point.ts';
import {
  libraryTrace,
  namedLibraryTrace,
  type LibraryTrace,
  type PhaseRoots,
} from './run-libraries.ts';
import { runSilences, type Silences } from './run-silences.ts';
import { namedSyscalls, type RunSyscalls } from './run-syscalls.ts';
import type { TraceReference } from './trace-reference.ts';
import { UsedCaches, type UsedCache } from './used-caches.ts';
import { tracedPhases, type TracedPhase } from './traced-phases.ts';
import { checkTracer, chosenTracer } from './tracers.ts';

/** What a person wants built, and how: the options that `run` and `plan` share. */
export interface BuildWish {
  /** As typed; null for the default. */
  readonly target: string | null;
  readonly attribute: string | null;
  /** A phase, or a kept snapshot to go on from. */
  readonly from: string | null;
  readonly until: string | null;
  readonly reuse: 'strict' | 'smart' | 'force';
  readonly policy: Policy;
  readonly overrides: ReadonlyMap<string, string>;
  readonly evaluation: Omit<EvaluationOptions, 'signal'>;
}

/** What goes into a binary cache. */
export interface CachedThings {
  readonly snapshots: readonly string[];
  readonly targets: readonly BuildWish[];
}

/** A failed phase whose sandbox is kept alive. */
export interface HeldSandbox extends HeldPhase {
  /** The words of the command that opens a shell in it, from any terminal of this user. */
  readonly attach: readonly string[];
}

export interface RunHooks {
  readonly emit: (event: RunEvent) => void;
  readonly onRealisation?: (progress: RealisationProgress) => void;
  /** Where given, failures are held. */
  readonly onHeld?: (held: HeldSandbox) => Promise<'continue' | 'end'>;
  /** What they are entered with: nsenter, which needs no root, where nothing is said. */
  readonly enterBy?: 'nsenter' | 'cntr';
  /** Where the run pauses, and who is asked there. */
  readonly breakpoints?: Breakpoints;
  /** Where given, phases that run are traced so. */
  readonly tracing?: Tracing;
  /** Told what watches system calls in place of strace, where strace is not there and nobody asked for another. */
  readonly onTracer?: (tracer: Tracer) => void;
  readonly signal: AbortSignal;
}

export interface Plan {
  readonly derivation: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly overrides: readonly Override[];
  readonly phases: readonly PlannedPhase[];
}

export interface SnapshotDiff {
  /** The snapshot compared with; null for the empty tree. */
  readonly from: string | null;
  readonly to: string;
  readonly changes: readonly Change[];
}

export class Engine {
  readonly root: string;
  readonly store: PhaseStore;
  /** Binary caches that builds fetch from. */
  readonly caches: UsedCaches;
  /** States shown as directories. */
  readonly mounts: MountedStates;
  /** Which backend keeps the snapshots, and why that one. */
  readonly backend: OpenedStore;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #cwd: string;
  /** By the options given beside the settings. */
  readonly #configurations = new Map<string, Promise<NixConfiguration>>();

  private constructor(
    backend: OpenedStore,
    root: string,
    env: Readonly<Record<string, string | undefined>>,
    cwd: string,
  ) {
    this.root = root;
    this.backend = backend;
    this.store = new PhaseStore(root, backend.snapshotter);
    this.caches = new UsedCaches(env);
    this.mounts = new MountedStates(this.store, env);
    this.#env = env;
    this.#cwd = cwd;
  }

  /**
   * Opens the cache directory and clears up what dead runs left in it.
   *
   * @param env where STRATA_SNAPSHOTTER says `copy` or `overlay`, that backend is taken and no other
   * @throws StrataError `environment` where it cannot be written.
   */
  static async open(
    env: Readonly<Record<string, string | undefined>>,
    cwd: string,
  ): Promise<Engine> {
    const root = cacheDirectory(env);
    await makePrivate(root);
    const backend = await openSnapshotter(root, { prefer: preferredBackend(env) });
    await sweep(root);
    return new Engine(backend, root, env, cwd);
  }

  async close(): Promise<void> {
    await this.backend.snapshotter.close();
  }

  /** Evaluates, plans and builds. A failing build is a result. @throws StrataError of any other kind. */
  async run(wish: BuildWish, hooks: RunHooks): Promise<RunResult> {
    const tracing =
      hooks.tracing === undefined ? undefined : await this.#traceable(hooks.tracing, hooks);
    const { target, preparation } = await this.#prepare(wish, hooks);
    const { from, resume } = await resumePoint(this.store, wish.from);
    const { onHeld, breakpoints } = hooks;
    return runPhases(
      {
        target: targetText(target),
        reuse: wish.reuse,
        from,
        until: wish.until,
        resume,
        options: wish.evaluation.options ?? [],
      },
      {
        store: this.store,
        snapshotter: this.backend.snapshotter,
        preparation,
        signal: hooks.signal,
        now: Date.now,
        emit: hooks.emit,
        ...(breakpoints === undefined ? {} : { breakpoints }),
        ...(tracing === undefined ? {} : { tracing }),
        ...(onHeld === undefined
          ? {}
          : {
              onHeld: async (held) => {
                const attach =
                  hooks.enterBy === 'cntr'
                    ? await cntrAsRoot(held.pid, this.#env['PATH'])
                    : attachCommand(inspectHeld(held.pid));
                return onHeld({ ...held, attach });
              },
            }),
      },
    );
  }

  /** With what watches system calls, where some are watched. */
  async #traceable(tracing: Tracing, { onTracer, signal }: RunHooks): Promise<Tracing> {
    if (!tracing.phases.has('syscalls')) return tracing;
    const path = this.#env['PATH'];
    if (tracing.tracer !== undefined) {
      await checkTracer(tracing.tracer, path, signal);
      return tracing;
    }
    const tracer = await chosenTracer(path, signal);
    if (tracer !== 'strace') onTracer?.(tracer);
    return { ...tracing, tracer };
  }

  /** The words of the command that enters a held phase by cntr. @throws StrataError `environment` where that cannot be. */
  async enterByCntr({ pid }: HeldSandbox): Promise<readonly string[]> {
    return cntrAsRoot(pid, this.#env['PATH']);
  }

  /** Builds by Nix itself. A failing build is a result. @throws EvaluationError, StrataError of any other kind. */
  async nixBuild(wish: NixBuildWish, hooks: NixBuildHooks): Promise<NixBuildResult> {
    const target = parseTarget(wish.target, wish.attribute, resolve(this.#cwd));
    return nixBuild(target, wish, await this.caches.settings(), hooks);
  }

  /** Has Nix build a run's derivation from scratch, and compares. @throws as {@link confirm} does. */
  async confirm(reference: string, options: ConfirmOptions): Promise<Confirmation> {
    const run = await findRun(this.store, reference);
    const surroundings = await this.#surroundingsOf(run, options);
    return confirm(this.store, reference, surroundings, options);
  }

  /** The log of an old build, or a recorded one. @throws StrataError `not-found`. */
  async nixLog(words: string): Promise<NixLog> {
    return openNixLog(resolve(this.#cwd, words), storeDirectory(this.#env));
  }

  /** The options of a build by Nix, and which of them this user may use here. */
  async nixOptions(signal: AbortSignal): Promise<readonly PermittedOption[]> {
    const [configuration, user] = await Promise.all([this.configuration([], signal), thisUser()]);
    return permittedOptions(configuration, user);
  }

  /** Those of the given settings that Nix takes from this user without effect or not at all. */
  async refusedSettings(
    settings: readonly (readonly [string, string])[],
    signal: AbortSignal,
  ): Promise<readonly Omit<PermittedOption, 'does'>[]> {
    if (settings.length === 0) return [];
    const [configuration, user] = await Promise.all([this.configuration([], signal), thisUser()]);
    return settings
      .map(([name, value]) => permittedSetting(name, value, configuration, user))
      .filter(({ permission }) => permission !== 'allowed');
  }

  /** Those that the daemon said it ignored, with the values they were given, and what allows them. */
  async ignoredOptions(
    ignored: readonly IgnoredSetting[],
    given: readonly (readonly [string, string])[] = [],
  ): Promise<readonly Omit<PermittedOption, 'does'>[]> {
    if (ignored.length === 0) return [];
    const values = new Map(given);
    const user = await thisUser();
    return ignored.map(({ name, value }) =>
      ignoredOption(name, value ?? values.get(name) ?? values.get(`extra-${name}`) ?? null, user),
    );
  }

  /** The phases of a run that were traced, and what that cost. */
  async tracedPhases(run: RunResult['run']): Promise<readonly TracedPhase[]> {
    return tracedPhases(this.store, run);
  }

  /** What programs of a traced run looked for, the run named as `last`, `RUN` or `RUN:PHASE`. @throws StrataError `not-found`. */
  async libraries(reference: string, signal: AbortSignal): Promise<LibraryTrace> {
    return namedLibraryTrace(this.store, reference, signal, this.#roots(signal));
  }

  /** The same of one phase, or all, of a run that is named by its id. @throws StrataError `not-found`. */
  async librariesOf(reference: TraceReference, signal: AbortSignal): Promise<LibraryTrace> {
    return libraryTrace(this.store, reference, signal, this.#roots(signal));
  }

  /** Of which programs of it the loader said nothing, and why. @throws StrataError `not-found`, `cancelled`. */
  async silences(trace: LibraryTrace, signal: AbortSignal): Promise<Silences> {
    return runSilences(this.store, trace, this.#roots(signal), signal);
  }

  /** A trace is shown as it is where the inputs cannot be had any more, or there is no Nix. */
  #roots(signal: AbortSignal): PhaseRoots {
    return async (snapshot) => {
      try {
        const found = await findSnapshot(this.store, snapshot);
        const surroundings = await this.#surroundingsOf(found.run, { signal });
        return (await phaseRoot(this.store, found, surroundings)).root;
      } catch (error) {
        if (error instanceof StrataError && error.code !== 'cancelled') return null;
        throw error;
      }
    };
  }

  /**
   * What the ELF files at a path of a snapshot would find, without running them.
   *
   * @throws StrataError `not-found`, `usage`, and what realising inputs throws.
   */
  async checkLibraries(checked: CheckedPath, signal: AbortSignal): Promise<LibraryCheck> {
    const { run } = await findSnapshot(this.store, checked.reference);
    const surroundings = await this.#surroundingsOf(run, { signal });
    return checkLibraries(this.store, checked, surroundings, signal);
  }

  /** What a traced run asked of the kernel, the run named likewise. @throws StrataError `not-found`. */
  async syscalls(reference: string, signal: AbortSignal): Promise<RunSyscalls> {
    return namedSyscalls(this.store, reference, signal);
  }

  /** Why a phase of a run failed. @throws StrataError `not-found`, `environment` without a tracer, and what a run throws. */
  async explain(reference: string, options: ExplainOptions): Promise<Explanation> {
    const tracer = await chosenTracer(this.#env['PATH'], options.signal);
    const surroundings = await this.#surroundingsOf(await findRun(this.store, reference), options);
    return explain(this.store, reference, surroundings, tracer, options);
  }

  /** What a run would do. Runs nothing. */
  async plan(wish: BuildWish, signal: AbortSignal): Promise<Plan> {
    const { preparation } = await this.#prepare(wish, { signal });
    const { from, resume } = await resumePoint(this.store, wish.from);
    const start = await predictStart(this.store, preparation);
    const { until } = wish;
    checkRange(start.phases, { from, until, resume, kept: await this.store.keptNames() });
    const setting = planSetting(this.store, preparation, start, { reuse: wish.reuse, from });
    const { position, first } = firstPosition(start, setting, resume);
    const phases = await planPhases(setting, position, first, until);
    return {
      derivation: preparation.request.derivationPath,
      outputs: Object.fromEntries(preparation.environment.outputs),
      overrides: describeOverrides(preparation.request, {
        phases: start.phases,
        state: start.position.state,
      }),
      phases,
    };
  }

  /** All snapshots, the newest first. */
  async list(): Promise<readonly PhaseRecord[]> {
    return this.store.records();
  }

  /** What one snapshot changed, or what differs from one to another. @throws StrataError `not-found`. */
  async diff(reference: string, other: string | null): Promise<SnapshotDiff> {
    const { record } = await findSnapshot(this.store, reference);
    const { snapshotter } = this.store;
    if (other === null) {
      const changes = await snapshotter.recordedChanges(record.id);
      return { from: record.parent, to: record.id, changes };
    }
    const to = await findSnapshot(this.store, other);
    const changes = await snapshotter.compare(record.id, to.record.id);
    return { from: record.id, to: to.record.id, changes };
  }

  /** Two runs, phases, snapshots or imported traces side by side. @throws as {@link compareNamed} does. */
  async compare(left: string, right: string, signal: AbortSignal): Promise<Comparison> {
    return compareNamed(this.store, [left, right], this.#roots(signal), signal);
  }

  /** The bytes of a file in a snapshot; its path may begin with the name of an output. @throws StrataError `not-found`, or `usage` for what is no regular file. */
  async cat(reference: string, path: string): Promise<NodeJS.ReadableStream> {
    const { record, run } = await findSnapshot(this.store, reference);
    return this.store.snapshotter.readFile(record.id, pathInOutputs(run, path));
  }

  /** What a snapshot's phase printed, or all phases of a run. @throws StrataError `not-found`, `usage`. */
  async logs(reference: string): Promise<readonly RecordedLog[]> {
    return recordedLogs(this.store, reference);
  }

  /** Whether words name a snapshot. */
  async isSnapshot(reference: string): Promise<boolean> {
    try {
      await findSnapshot(this.store, reference);
      return true;
    } catch (error) {
      if (error instanceof StrataError && ['not-found', 'usage'].includes(error.code)) return false;
      throw error;
    }
  }

  /** Frees snapshots by age and by size. */
  async collect(wish: CollectionWish): Promise<CollectionReport> {
    return collect(this.store, wish, await this.mounts.needed());
  }

  /** Writes a snapshot as an OCI image. @throws as {@link exportImage} does. */
  async exportImage(reference: string, wish: ImageExportWish): Promise<ImageExport> {
    const { run } = await findSnapshot(this.store, reference);
    return exportImage(this.store, reference, wish, await this.#surroundingsOf(run, wish));
  }

  /** Brings back the snapshots of an image that Strata exported. @throws as {@link importImage} does. */
  async importImage(wish: ImageImportWish): Promise<ImageImport> {
    const configuration = await this.configuration([], wish.signal);
    return importImage(this.store, wish, await this.#surroundings(configuration, wish));
  }

  /**
   * Writes what targets give, or what snapshots stand on, as a binary cache.
   *
   * @param inputs whether of targets what they are built from goes with it
   * @throws as {@link exportCache} does, and what evaluating and building a target throws
   */
  async exportCache(
    { snapshots, targets }: CachedThings,
    inputs: 'with' | 'without',
    wish: CacheExportWish,
  ): Promise<CacheExport> {
    const { signal, onProgress } = wish;
    const roots: string[] = [];
    for (const reference of snapshots) {
      const { run, record } = await findSnapshot(this.store, reference);
      const path = run?.derivation ?? record.derivation;
      const text = await this.store.runDerivation(run?.id ?? record.run);
      roots.push(
        ...(await this.#inputs(path, parseDerivation(text, path), { signal, onProgress })),
      );
    }
    for (const target of targets) {
      const { path, derivation } = await this.derivation(target, signal);
      const realising = { ...(await this.#realising({ signal })), onProgress };
      const directory = rootsDirectory(this.root, path);
      const given = await realiseDerivation(path, { ...realising, rootsDirectory: directory });
      roots.push(...given);
      if (inputs === 'with')
        roots.push(...(await this.#inputs(path, derivation, { signal, onProgress })));
    }
    return exportCache([...new Set(roots)].toSorted(), wish, storeDirectory(this.#env));
  }

  /** Uses a binary cache from the next build on. @throws StrataError `format` where it is none, or its archives do not match. */
  async useCache(
    directory: string,
    publicKey: string | null,
    signal: AbortSignal,
  ): Promise<UsedCache> {
    const store = storeDirectory(this.#env);
    return this.caches.add(resolve(this.#cwd, directory), publicKey, {
      storeDirectory: store,
      signal,
    });
  }

  async #inputs(
    path: string,
    derivation: Derivation,
    options: Omit<RealiseOptions, 'rootsDirectory'>,
  ): Promise<readonly string[]> {
    const realising = await this.#realising(options);
    return realiseInputs(derivation, {
      ...realising,
      rootsDirectory: rootsDirectory(this.root, path),
    });
  }

  /** A shell in a snapshot, on this process's terminal. @throws StrataError `not-found`, `usage`, `environment`. */
  async openShell(reference: string, wish: ShellWish): Promise<ShellResult> {
    const { run } = await findSnapshot(this.store, reference);
    return openShell(this.store, reference, wish, await this.#surroundingsOf(run, wish));
  }

  /** A shell in a snapshot, on a terminal of its own. @throws as {@link openShell} does. */
  async openPtyShell(
    reference: string,
    size: TerminalSize,
    signal: AbortSignal,
  ): Promise<{ readonly shell: PtyShell; readonly record: PhaseRecord }> {
    const { run } = await findSnapshot(this.store, reference);
    const surroundings = await this.#surroundingsOf(run, { signal });
    return openPtyShell(this.store, reference, size, surroundings);
  }

  /** What starts a shell in the environment of a derivation, outside the sandbox. Realises its inputs. @throws StrataError */
  async nixShell(
    wish: BuildWish,
    options: Omit<NixShellOptions, 'overrides'>,
    hooks: Pick<RunHooks, 'signal' | 'onRealisation'>,
  ): ReturnType<typeof nixShell> {
    const { signal, onRealisation } = hooks;
    const target = parseTarget(wish.target, wish.attribute, resolve(this.#cwd));
    const [found, configuration] = await Promise.all([
      this.derivation(wish, signal),
      this.configuration(wish.evaluation.options, signal),
    ]);
    const surroundings = await this.#surroundings(configuration, {
      signal,
      ...(wish.evaluation.options === undefined ? {} : { options: wish.evaluation.options }),
      ...(onRealisation === undefined ? {} : { onProgress: onRealisation }),
    });
    const { overrides } = wish;
    return nixShell(targetText(target), found, { ...options, overrides }, surroundings);
  }

  /** The derivation that a wish evaluates to. Builds nothing. */
  async derivation(
    wish: BuildWish,
    signal: AbortSignal,
  ): Promise<{ readonly path: string; readonly derivation: Derivation }> {
    const target = parseTarget(wish.target, wish.attribute, resolve(this.#cwd));
    const { drvPath } = await evaluate(target, { ...wish.evaluation, signal });
    return { path: drvPath, derivation: await readDerivation(drvPath) };
  }

  /** The attributes that a file offers. @throws EvaluationError. */
  async attributes(file: string, signal: AbortSignal): Promise<readonly string[]> {
    return attributes(resolve(this.#cwd, file), { signal });
  }

  /** The machine's Nix, asked once for the same options. */
  async configuration(
    options: readonly (readonly [string, string])[] = [],
    signal?: AbortSignal,
  ): Promise<NixConfiguration> {
    const key = JSON.stringify(options);
    const known = this.#configurations.get(key);
    const asked = known ?? readConfiguration(availableParallelism(), options, signal);
    this.#configurations.set(key, asked);
    try {
      return await asked;
    } catch (error) {
      // Another asker is not to be told of a failure, or a cancelling, that was not theirs.
      this.#configurations.delete(key);
      throw error;
    }
  }

  async #prepare(
    wish: BuildWish,
    hooks: Pick<RunHooks, 'signal' | 'onRealisation'>,
  ): Promise<{ readonly target: Target; readonly preparation: Preparation }> {
    const { signal, onRealisation } = hooks;
    const target = parseTarget(wish.target, wish.attribute, resolve(this.#cwd));
    const [{ drvPath }, configuration] = await Promise.all([
      evaluate(target, { ...wish.evaluation, signal }),
      this.configuration(wish.evaluation.options, signal),
    ]);
    const derivation = await readDerivation(drvPath);
    const preparation = await prepareBuild(
      { derivation, derivationPath: drvPath, policy: wish.policy, overrides: wish.overrides },
      await this.#surroundings(configuration, {
        signal,
        ...(wish.evaluation.options === undefined ? {} : { options: wish.evaluation.options }),
        ...(onRealisation === undefined ? {} : { onProgress: onRealisation }),
      }),
    );
    return { target, preparation };
  }

  /** What a run was prepared in, with the settings it was given; without one, what this machine has. */
  async #surroundingsOf(
    run: RunRecord | null,
    { signal }: { readonly signal?: AbortSignal | undefined },
  ): Promise<BuildSurroundings> {
    const options = run?.options ?? [];
    const configuration = await this.configuration(options, signal);
    return this.#surroundings(configuration, { signal, options });
  }

  async #surroundings(
    configuration: NixConfiguration,
    wish: Omit<RealiseOptions, 'rootsDirectory'>,
  ): Promise<BuildSurroundings> {
    return {
      root: this.root,
      configuration,
      storeDirectory: storeDirectory(this.#env),
      hostEnvironment: this.#env,
      realise: await this.#realising(wish),
    };
  }

  /** Inputs are fetched from the caches in use too; what was said for this build alone counts above that. */
  async #realising({
    signal,
    options = [],
    onProgress,
  }: Omit<RealiseOptions, 'rootsDirectory'>): Promise<Omit<RealiseOptions, 'rootsDirectory'>> {
    return {
      signal,
      options: [...(await this.caches.settings()), ...options],
      ...(onProgress === undefined ? {} : { onProgress }),
    };
  }
}

function targetText(target: Target): string {
  switch (target.kind) {
    case 'file':
      return target.attribute === null ? target.file : `${target.file} -A ${target.attribute}`;
    case 'flake':
      return target.reference;
    case 'drv':
      return target.path;
  }
}
