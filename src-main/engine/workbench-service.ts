/** What the fronts of the workbench ask for, carried out on the engine: the methods of protocol/methods.ts. */
import { resolve } from 'node:path';
import package_ from '../../package.json' with { type: 'json' };
import type { Calls, Service, Streams } from '../protocol/dispatcher.ts';
import { findSnapshot } from '../phases/snapshot-reference.ts';
import { stateInRun } from '../phases/state-in-run.ts';
import { parseElf } from '../trace/elf.ts';
import { askNixShell } from './ask-nix-shell.ts';
import { changeColumns } from './change-columns.ts';
import { listNames, readTextFile, watchModification, writeTextFile } from './edited-files.ts';
import type { TraceSource } from '../protocol/methods.ts';
import type { Engine } from './engine.ts';
import { confirming } from './confirming-stream.ts';
import { explaining } from './explaining.ts';
import { Jobs } from './jobs.ts';
import { exportingCache, exportingOci, importingOci } from './leaving.ts';
import { LanguageSessions } from './language-sessions.ts';
import { HandedFiles } from './handed-files.ts';
import { cacheSettings } from './export-cache.ts';
import { examples, formatNix, nixVersion, toolsOnPath } from './machine-facts.ts';
import { nixShellView } from './nix-shell-phases.ts';
import { NixBuilds } from './nix-builds.ts';
import { openDirectory } from './open-directory.ts';
import { OpenShells } from './open-shells.ts';
import { RunLogs } from './run-logs.ts';
import { runView, snapshotView } from './run-view.ts';
import { shellStateText } from './shell-state-text.ts';
import {
  NOTHING,
  comparisonView,
  libraryCheckView,
  listsWith,
  lookupViews,
} from './libraries-view.ts';
import { OpenedTraces } from './opened-traces.ts';
import { runSyscalls } from './run-syscalls.ts';
import { readPiece, readWhole } from './snapshot-content.ts';
import { syscallsView } from './syscalls-view.ts';
import { tracesOf } from './traced-phases.ts';
import { tracersOnPath } from './tracers.ts';
import { buildWish } from './wish.ts';

export class WorkbenchService implements Service {
  readonly calls: Calls;
  readonly streams: Streams;
  readonly #engine: Engine;
  readonly #cwd: string;
  readonly #jobs: Jobs;
  readonly #nixBuilds: NixBuilds;
  readonly #shells: OpenShells;
  readonly #logs: RunLogs;
  readonly #languages = new LanguageSessions();
  readonly #handed: HandedFiles;
  readonly #traces: OpenedTraces;

  /** @param cwd where relative paths begin: the engine's own working directory */
  constructor(engine: Engine, cwd: string) {
    this.#engine = engine;
    this.#cwd = cwd;
    this.#jobs = new Jobs(engine, cwd);
    this.#nixBuilds = new NixBuilds(engine, cwd);
    this.#shells = new OpenShells(engine, cwd);
    this.#logs = new RunLogs(engine.store, (run) => this.#jobs.ofRun(run)?.live === true);
    this.#handed = new HandedFiles(engine.root);
    this.#traces = new OpenedTraces(async (of, signal) => {
      const trace = await engine.librariesOf(of, signal);
      return { trace, silent: await engine.silences(trace, signal) };
    });
    this.calls = this.#makeCalls();
    this.streams = this.#makeStreams();
  }

  /**
   * Whether no build goes on. Open shells do not count: nobody works in them without a window, and they would keep an engine
   * that nobody sees. Whoever closes the window is asked about them before.
   */
  get isIdle(): boolean {
    return this.#jobs.isIdle && this.#nixBuilds.isIdle;
  }

  /** Resolves once no build goes on. */
  async idle(): Promise<void> {
    while (!this.isIdle) await Promise.all([this.#jobs.idle(), this.#nixBuilds.idle()]);
  }

  /** Stops what runs and waits for its end. The engine stays open. */
  async close(): Promise<void> {
    await Promise.all([
      this.#jobs.close(),
      this.#nixBuilds.close(),
      this.#shells.closeAll(),
      this.#languages.closeAll(),
      this.#handed.dropAll(),
    ]);
  }

  #makeCalls(): Calls {
    const engine = this.#engine;
    const { store } = engine;
    const jobs = this.#jobs;
    const nixBuilds = this.#nixBuilds;
    const shells = this.#shells;
    const logs = this.#logs;
    const languages = this.#languages;
    const handed = this.#handed;
    const traces = this.#traces;
    const wished = (wish: Parameters<typeof buildWish>[0]) => buildWish(wish, this.#cwd);
    const path = (words: string): string => resolve(this.#cwd, words);
    const ofSource = (of: TraceSource): TraceSource =>
      'run' in of ? of : { paths: of.paths.map(path) };
    return {
      hello: async (_, signal) => ({
        version: package_.version,
        cacheDirectory: engine.root,
        backend: engine.backend.snapshotter.backend,
        backendReason: engine.backend.reason,
        nix: await nixVersion(signal),
        directory: this.#cwd,
        examples: await examples(package_.version),
        tools: await toolsOnPath(process.env['PATH']),
        tracers: await tracersOnPath(process.env['PATH']),
      }),
      attributes: async ({ file }, signal) => [...(await engine.attributes(file, signal))],
      plan: async ({ wish }, signal) => {
        const { derivation, outputs, phases } = await engine.plan(wished(wish), signal);
        return { derivation, outputs, phases: [...phases] };
      },
      derivation: async ({ wish }, signal) => {
        const { path: drv, derivation } = await engine.derivation(wished(wish), signal);
        return {
          path: drv,
          system: derivation.system,
          builder: derivation.builder,
          args: [...derivation.args],
          env: [...derivation.env],
          outputs: Array.from(derivation.outputs, ([name, output]) => [name, output.path]),
          inputDerivations: Array.from(derivation.inputDerivations, ([input, outputs]) => ({
            path: input,
            outputs: [...outputs],
          })),
          inputSources: [...derivation.inputSources],
        };
      },
      start: ({ wish }) => ({ job: jobs.start(wish).id }),
      stop: async ({ job }) => {
        const stopping = jobs.get(job);
        stopping.stop();
        await stopping.ended;
        return {};
      },
      answerHeld: ({ job, answer }) => {
        jobs.get(job).answerHeld(answer);
        return {};
      },
      answerPaused: ({ job, answer }) => {
        jobs.get(job).answerPaused(answer);
        return {};
      },
      answerPausedBuild: ({ hold, answer }) => {
        nixBuilds.answer(hold, answer);
        return {};
      },
      openHeldShell: async ({ job, by, ...size }, signal) => {
        const { held } = jobs.get(job);
        const command = by === 'cntr' ? await engine.enterByCntr(held) : held.attach;
        return shells.openProgram({ command, title: `${held.phase} (held)` }, size, signal);
      },
      openPausedShell: async ({ hold, ...size }, signal) =>
        shells.openProgram(nixBuilds.shell(hold), size, signal),
      jobs: () =>
        jobs.list().map(({ id, wish, run, live, since }) => ({
          job: id,
          wish,
          run,
          live,
          startedAt: since,
        })),
      runs: async ({ limit }) => this.#runs(limit),
      nixOptions: async (_, signal) => [...(await engine.nixOptions(signal))],
      startNixBuild: ({ wish }) => ({ build: nixBuilds.start(wish).id }),
      openNixLog: async ({ path: log }) => ({ build: (await nixBuilds.openLog(log)).id }),
      stopNixBuild: async ({ build }) => {
        const stopping = nixBuilds.get(build);
        stopping.stop();
        await stopping.ended;
        return {};
      },
      nixBuilds: () =>
        nixBuilds.list().map(({ id, wish, title, live, since }) => ({
          build: id,
          wish,
          title,
          live,
          startedAt: since,
        })),
      nixBuildLines: async ({ build, derivation, from, count }) =>
        nixBuilds.get(build).lines(derivation, from, count),
      nixBuildSearch: async ({ build, derivation, ...query }, signal) =>
        nixBuilds.get(build).search(derivation, query, signal),
      snapshots: async () => (await engine.list()).map(snapshotView),
      changes: async ({ snapshot, against }, signal) => {
        const { from, to, changes } =
          against === null
            ? await engine.diff(snapshot, null)
            : await engine.diff(against, snapshot);
        signal.throwIfAborted();
        return changeColumns(from, to, changes);
      },
      readSnapshot: async ({ snapshot, path: file, offset, length }, signal) => {
        const { record } = await findSnapshot(store, snapshot);
        const piece = { offset, length };
        const { bytes, size } = await readPiece(store.snapshotter, record.id, file, piece, signal);
        return { base64: bytes.toString('base64'), size };
      },
      shellState: async ({ snapshot }) => {
        const { record, run } = await findSnapshot(store, snapshot);
        const state = run === null ? store.state(record.id) : await stateInRun(store, record, run);
        return shellStateText(state);
      },
      elf: async ({ snapshot, path: file }, signal) => {
        const { record } = await findSnapshot(store, snapshot);
        const elf = parseElf(await readWhole(store.snapshotter, record.id, file, signal));
        if (elf === null) return null;
        const { needed, rpath, runpath } = elf;
        return { ...elf, needed: [...needed], rpath: [...rpath], runpath: [...runpath] };
      },
      logInfo: async (log, signal) => {
        const { lines, bytes, marks, phases } = await logs.info(log, signal);
        return { lines, bytes, marks: [...marks], phases: [...phases] };
      },
      logLines: async ({ from, count, ...log }, signal) => logs.lines(log, from, count, signal),
      libraries: async ({ of }, signal) => {
        const { libraries } = await traces.open(ofSource(of), signal);
        return (libraries ?? NOTHING).view;
      },
      lookups: async ({ of, list }, signal) => {
        const { libraries } = await traces.get(ofSource(of), signal);
        return lookupViews(libraries?.lists[list] ?? []);
      },
      findLookups: async ({ of, words }, signal) => {
        const { libraries } = await traces.get(ofSource(of), signal);
        return listsWith(libraries?.lists ?? [], words.toLowerCase());
      },
      checkLibraries: async ({ snapshot, path: file }, signal) =>
        libraryCheckView(await engine.checkLibraries({ reference: snapshot, path: file }, signal)),
      compareLibraries: async ({ left, right }, signal) => {
        const one = await traces.get(ofSource(left), signal);
        const other = await traces.get(ofSource(right), signal);
        return comparisonView(one.libraries, other.libraries);
      },
      syscalls: async (reference, signal) =>
        syscallsView(await runSyscalls(store, reference, signal)),
      readTrace: async ({ paths }, signal) => {
        const { libraries, syscalls } = await traces.open(ofSource({ paths }), signal);
        return {
          libraries: libraries?.view ?? null,
          syscalls: syscalls === null ? null : syscallsView({ traced: [], trace: syscalls }),
        };
      },
      handFile: async ({ name }) => ({ path: await handed.begin(name) }),
      handPiece: async ({ path: file, base64 }) => {
        await handed.write(file, Buffer.from(base64, 'base64'));
        return {};
      },
      dropFile: async ({ path: file }) => {
        await handed.drop(file);
        return {};
      },
      logSearch: async ({ run, phase, ...query }, signal) =>
        logs.search({ run, phase }, query, signal),
      openShell: async ({ snapshot, ...size }, signal) => shells.open(snapshot, size, signal),
      openNixShell: async ({ wish, pure, fresh, ...size }, signal) => {
        const prepared = await engine.nixShell(
          wished(wish),
          {
            purity: pure ? 'pure' : 'impure',
            command: [],
            directory: null,
            beginning: fresh ? 'fresh' : 'kept',
            phases: 'elsewhere',
          },
          { signal },
        );
        return shells.openNixShell(prepared, size, signal);
      },
      askNixShell: async ({ shell, work }) => {
        const { own } = shells.nixShell(shell);
        await askNixShell(own, work, (keys) => shells.write(shell, keys));
        return {};
      },
      shells: () => [...shells.list()],
      shellInput: ({ shell, data }) => {
        shells.write(shell, data);
        return {};
      },
      shellResize: ({ shell, ...size }) => {
        shells.resize(shell, size);
        return {};
      },
      shellChanges: async ({ shell }) => {
        const { paths, ...counts } = await shells.changes(shell);
        return { ...counts, paths: [...paths] };
      },
      closeShell: async ({ shell, disposition }) => shells.close(shell, disposition),
      usedCaches: async (_, signal) =>
        Promise.all(
          (await engine.caches.list()).map(async (cache) => {
            const needed = cacheSettings(cache.directory, cache.publicKey);
            return { ...cache, refused: [...(await engine.refusedSettings(needed, signal))] };
          }),
        ),
      useCache: async ({ directory, publicKey }, signal) =>
        engine.useCache(path(directory), publicKey, signal),
      leaveCache: async ({ directory }) => {
        await engine.caches.remove(path(directory));
        return {};
      },
      mountSnapshot: async ({ snapshot, directory }, signal) =>
        engine.mounts.mount(snapshot, path(directory), signal),
      unmountSnapshot: async ({ directory }) => {
        await engine.mounts.unmount(path(directory));
        return {};
      },
      openDirectory: async ({ directory }, signal) => {
        const shown = await engine.mounts.list();
        await openDirectory(
          path(directory),
          shown.map((one) => one.directory),
          signal,
        );
        return {};
      },
      mountedSnapshots: async () => [...(await engine.mounts.list())],
      readFile: async ({ path: file }) => readTextFile(path(file)),
      writeFile: async ({ path: file, text, expected }) =>
        writeTextFile(path(file), text, expected),
      formatNix: async ({ text }, signal) => formatNix(text, process.env['PATH'], signal),
      languageText: ({ language, path: file, version, text }) => {
        languages.get(language).setText(path(file), version, text);
        return {};
      },
      completions: async ({ language, trigger, ...place }, signal) =>
        languages.get(language).completions(place, trigger, signal),
      hover: async ({ language, ...place }, signal) => languages.get(language).hover(place, signal),
      definition: async ({ language, ...place }, signal) =>
        languages.get(language).definition(place, signal),
      listDirectory: async ({ path: directory }) => listNames(path(directory)),
    };
  }

  #makeStreams(): Streams {
    const shells = this.#shells;
    return {
      job: ({ job }, signal) => this.#jobs.get(job).follow(signal),
      shell: ({ shell }, signal) => this.#shells.output(shell, signal),
      nixShell: async function* ({ shell }, signal) {
        for await (const { phases, now } of nixShellView(shells.nixShell(shell).own, signal)) {
          yield { phases: [...phases], now };
        }
      },
      language: ({ file }, signal) =>
        this.#languages.listen(resolve(this.#cwd, file), process.env['PATH'], signal),
      nixBuild: ({ build }, signal) => this.#nixBuilds.get(build).follow(signal),
      confirm: ({ run }, signal) => confirming(this.#engine, run, signal),
      exportOci: (wish, signal) => exportingOci(this.#engine, wish, this.#cwd, signal),
      importOci: (wish, signal) => importingOci(this.#engine, wish, this.#cwd, signal),
      exportCache: (wish, signal) => exportingCache(this.#engine, wish, this.#cwd, signal),
      explain: ({ run }, signal) => explaining(this.#engine, run, signal),
      watchFile: ({ path }, signal) => watchModification(resolve(this.#cwd, path), signal),
    };
  }

  async #runs(limit: number) {
    const { store } = this.#engine;
    const records = new Map((await store.records()).map((record) => [record.id, record]));
    const all = (await store.runs()).filter(({ isTrial }) => !isTrial);
    const runs = all.slice(0, Math.max(0, limit));
    return Promise.all(
      runs.map(async (run) => {
        const job = this.#jobs.ofRun(run.id);
        const live =
          run.status === 'running' && (job === null ? await store.isRunning(run.id) : job.live);
        return runView(run, {
          live,
          record: (id) => records.get(id) ?? null,
          startedAt: (phase) => job?.startedAt(phase) ?? null,
          traced: (phase) => tracesOf(store, run.id, phase),
        });
      }),
    );
  }
}
