/** What differs between a scratch output and the same output built by Nix, the scratch paths replaced by the real ones. */
import { replacedHashes } from '../nix/hash-replacement.ts';
import { rewriteText } from '../nix/output-rewriting.ts';
import { compareContents, type ContentAnswer } from './content-comparison.ts';
import type { OutputNode, OutputTree } from './output-tree.ts';

export interface OutputDifference {
  /** Below the output's own path and beginning with `/`, as Nix's build has it; the empty string for the output itself. */
  readonly path: string;
  /** The same as the scratch output has it. */
  readonly scratchPath: string;
  readonly kind: 'only-layered' | 'only-nix' | 'type' | 'executable' | 'target' | 'contents';
  /** In half a sentence: what each has. */
  readonly says: string;
}

/** A file whose bytes differ and whose meaning does not. */
export interface FollowingFile {
  readonly path: string;
  readonly why: Extract<ContentAnswer, { kind: 'follows' }>['why'];
}

export interface OutputComparison {
  /** Sorted by path. */
  readonly differences: readonly OutputDifference[];
  readonly following: readonly FollowingFile[];
  /** Files, directories and links looked at. */
  readonly compared: number;
}

/** @param hashes the scratch outputs' hashes with those that stand for them in Nix's build */
export async function compareOutput(
  scratch: OutputTree,
  real: OutputTree,
  hashes: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<OutputComparison> {
  const walk = new Walk(scratch, real, hashes, signal);
  await walk.compare({ scratchPath: '', path: '' });
  return walk.result();
}

interface Place {
  readonly scratchPath: string;
  readonly path: string;
}

class Walk {
  readonly #scratch: OutputTree;
  readonly #real: OutputTree;
  readonly #hashes: ReadonlyMap<string, string>;
  readonly #back: ReadonlyMap<string, string>;
  readonly #signal: AbortSignal;
  readonly #differences: OutputDifference[] = [];
  readonly #following: FollowingFile[] = [];
  #compared = 0;

  constructor(
    scratch: OutputTree,
    real: OutputTree,
    hashes: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ) {
    this.#scratch = scratch;
    this.#real = real;
    this.#hashes = hashes;
    this.#back = new Map(Array.from(hashes, ([from, to]) => [to, from]));
    this.#signal = signal;
  }

  result(): OutputComparison {
    return {
      differences: this.#differences,
      following: this.#following,
      compared: this.#compared,
    };
  }

  async compare(place: Place): Promise<void> {
    this.#signal.throwIfAborted();
    this.#compared += 1;
    const [layered, nixs] = await Promise.all([
      this.#scratch.node(place.scratchPath),
      this.#real.node(place.path),
    ]);
    if (layered === null || nixs === null) {
      if (nixs !== null) this.#add(place, 'only-nix', `${nameOf(nixs)} that the layers lack`);
      if (layered !== null)
        this.#add(place, 'only-layered', `${nameOf(layered)} that Nix’s build lacks`);
      return;
    }
    if (layered.kind === 'directory' && nixs.kind === 'directory') {
      await this.#compareNames(place);
    } else if (layered.kind === 'symlink' && nixs.kind === 'symlink') {
      const target = rewriteText(layered.target, this.#hashes);
      if (target !== nixs.target) {
        this.#add(place, 'target', `it leads to ${target}, with Nix to ${nixs.target}`);
      }
    } else if (layered.kind === 'file' && nixs.kind === 'file') {
      await this.#compareFiles(place, layered, nixs);
    } else {
      this.#add(place, 'type', `${nameOf(layered)}, with Nix ${nameOf(nixs)}`);
    }
  }

  async #compareNames({ scratchPath, path }: Place): Promise<void> {
    const [layered, nixs] = await Promise.all([
      this.#scratch.names(scratchPath),
      this.#real.names(path),
    ]);
    const places = new Map<string, string>([
      ...nixs.map((name) => [name, rewriteText(name, this.#back)] as const),
      ...layered.map((name) => [rewriteText(name, this.#hashes), name] as const),
    ]);
    for (const [name, scratchName] of [...places].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      await this.compare({ scratchPath: `${scratchPath}/${scratchName}`, path: `${path}/${name}` });
    }
  }

  async #compareFiles(
    place: Place,
    layered: Extract<OutputNode, { kind: 'file' }>,
    nixs: Extract<OutputNode, { kind: 'file' }>,
  ): Promise<void> {
    if (layered.isExecutable !== nixs.isExecutable) {
      const says = layered.isExecutable
        ? 'executable, with Nix not'
        : 'not executable, with Nix so';
      this.#add(place, 'executable', says);
    }
    const answer = await compareContents(layered.file, nixs.file, (stream) =>
      replacedHashes(stream, this.#hashes),
    );
    if (answer.kind === 'follows') this.#following.push({ path: place.path, why: answer.why });
    if (answer.kind !== 'differs') return;
    const { size } = layered.file;
    const sizes =
      size === nixs.file.size
        ? `both of ${size} bytes`
        : `${size} bytes, with Nix ${nixs.file.size}`;
    this.#add(place, 'contents', `${sizes}; they differ from byte ${answer.at} on`);
  }

  #add(place: Place, kind: OutputDifference['kind'], says: string): void {
    this.#differences.push({ ...place, kind, says });
  }
}

const NAMES: Readonly<Record<OutputNode['kind'], string>> = {
  directory: 'a directory',
  file: 'a file',
  symlink: 'a symbolic link',
  other: 'a special file',
};

function nameOf({ kind }: OutputNode): string {
  return NAMES[kind];
}
