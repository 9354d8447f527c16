/** Checking the ELF files of a snapshot without running them: what each would find, and what is wrong with them. */
import { findSnapshot, type FoundSnapshot } from '../phases/snapshot-reference.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import type { BuildSurroundings } from '../phases/preparation.ts';
import type { SandboxSetting } from '../phases/sandbox-process.ts';
import { StrataError } from '../protocol/errors.ts';
import { libraryFindings, type Elsewhere, type LibraryFinding } from '../trace/library-findings.ts';
import {
  isDynamic,
  outcomeOf,
  resolveStatically,
  type StaticResolution,
} from '../trace/static-resolution.ts';
import { pathInOutputs } from './output-paths.ts';
import { PhaseRoot } from './phase-root.ts';
import { recordedPreparation } from './recorded-build.ts';

export interface CheckedPath {
  /** A snapshot as a person names it. */
  readonly reference: string;
  /** Absolute, or beginning with the name of an output: `out/bin`. */
  readonly path: string;
}

export interface LibraryCheck {
  /** Files that the loader has to do with, by their paths. */
  readonly files: readonly StaticResolution[];
  readonly findings: readonly LibraryFinding[];
}

/** Where the libraries of an input are. */
const LIBRARY_DIRECTORIES = ['lib', 'lib64'];

/** Loaders by machine, for libraries of an output without a program. */
const USUAL_LOADERS: Readonly<Record<string, string>> = {
  'x86-64': '/lib64/ld-linux-x86-64.so.2',
  x86: '/lib/ld-linux.so.2',
  AArch64: '/lib/ld-linux-aarch64.so.1',
};

/**
 * Checks a file, or all ELF files below a directory.
 *
 * @throws StrataError `not-found`, `usage` for a file that asks the loader for nothing, and what realising inputs throws.
 */
export async function checkLibraries(
  store: PhaseStore,
  { reference, path }: CheckedPath,
  surroundings: BuildSurroundings,
  signal: AbortSignal,
): Promise<LibraryCheck> {
  const snapshot = await findSnapshot(store, reference);
  const { root, setting } = await phaseRoot(store, snapshot, surroundings);
  const { record, run } = snapshot;
  const operation = `checking ${reference}:${path}`;
  const start = pathInOutputs(run, path);
  const paths = await filesAt(root, start, operation, signal);
  const defaultLoader = await commonLoader(root, paths);
  const files: StaticResolution[] = [];
  for (const file of paths) {
    signal.throwIfAborted();
    const given = { root, libraryPath: [], defaultLoader };
    const one = await resolveStatically(file, record.phase, given);
    if (one !== null) files.push(one);
  }
  if (files.length === 0 && paths.length === 1 && paths[0] === start) {
    throw new StrataError({
      code: 'usage',
      operation,
      reason: 'it is no ELF file, or one that asks the loader for nothing',
      advice: 'name a program, a library, or a directory with some',
    });
  }
  const elsewhere = new Elsewheres(root, setting, Object.values(run?.outputs ?? {}), signal);
  const findings = await libraryFindings(files, {
    isDirectory: (directory) => root.isDirectory(directory),
    elsewhere: (library, asker) => elsewhere.of(library, asker),
  });
  return { files, findings };
}

/** The root as the phase of a snapshot saw it. @throws StrataError `not-found` where its run is gone. */
export async function phaseRoot(
  store: PhaseStore,
  found: FoundSnapshot,
  surroundings: BuildSurroundings,
): Promise<{ readonly root: PhaseRoot; readonly setting: SandboxSetting }> {
  const { preparation } = await recordedPreparation(store, found, surroundings);
  const setting = await preparation.sandbox();
  return { root: new PhaseRoot(store.snapshotter, found.record.id, setting), setting };
}

async function filesAt(
  root: PhaseRoot,
  path: string,
  operation: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (await root.isDirectory(path)) {
    const paths: string[] = [];
    for await (const file of root.filesBelow(path, signal)) paths.push(file);
    return paths;
  }
  if ((await root.realPath(path)) !== null) return [path];
  throw new StrataError({ code: 'not-found', operation, reason: `there is no ${path}` });
}

/** The loader that most of the programs name: libraries name none, and are loaded by their likes. */
async function commonLoader(root: PhaseRoot, paths: readonly string[]): Promise<string | null> {
  const counts = new Map<string, number>();
  let machine: string | null = null;
  for (const path of paths) {
    const file = await root.file(path);
    if (file?.kind !== 'elf' || !isDynamic(file.elf)) continue;
    machine ??= file.elf.machine;
    const { interpreter } = file.elf;
    if (interpreter !== null && (await root.loader(interpreter)) !== null)
      counts.set(interpreter, (counts.get(interpreter) ?? 0) + 1);
  }
  const [most] = [...counts].toSorted(([, one], [, other]) => other - one);
  return most?.[0] ?? USUAL_LOADERS[machine ?? ''] ?? null;
}

/** Where else libraries are. All trees are read once, and not before something is missing. */
class Elsewheres {
  readonly #root: PhaseRoot;
  readonly #signal: AbortSignal;
  readonly #inputs: readonly string[];
  readonly #outputs: readonly string[];
  #byName: Promise<ReadonlyMap<string, readonly Elsewhere[]>> | null = null;

  constructor(
    root: PhaseRoot,
    { materials, storeDirectory }: SandboxSetting,
    outputs: readonly string[],
    signal: AbortSignal,
  ) {
    this.#root = root;
    this.#signal = signal;
    this.#outputs = outputs;
    this.#inputs = materials.binds
      .map(({ target }) => target)
      .filter((target) => target.startsWith(`${storeDirectory}/`));
  }

  async of(library: string, { elf }: StaticResolution): Promise<readonly Elsewhere[]> {
    const name = library.slice(library.lastIndexOf('/') + 1);
    this.#byName ??= this.#read();
    const fitting: Elsewhere[] = [];
    for (const one of (await this.#byName).get(name) ?? []) {
      if (outcomeOf(await this.#root.file(one.path), elf) === 'found') fitting.push(one);
    }
    return fitting;
  }

  async #read(): Promise<ReadonlyMap<string, readonly Elsewhere[]>> {
    const byName = new Map<string, Elsewhere[]>();
    const read = async (directory: string, place: Elsewhere['place']): Promise<void> => {
      for await (const path of this.#root.namesBelow(directory, this.#signal)) {
        const name = path.slice(path.lastIndexOf('/') + 1);
        if (!name.includes('.so')) continue;
        const known = byName.get(name);
        if (known === undefined) byName.set(name, [{ path, place }]);
        else known.push({ path, place });
      }
    };
    for (const output of this.#outputs) await read(output, 'output');
    for (const input of this.#inputs) {
      for (const directory of LIBRARY_DIRECTORIES) await read(`${input}/${directory}`, 'input');
    }
    await read('/build', 'build');
    return byName;
  }
}
