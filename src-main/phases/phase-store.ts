/**
 * What is kept of runs, below the cache directory: the snapshots with their records, the runs, and the keys by which
 * phases find results to reuse.
 *
 *     snapshots/ID/phase.json, state, log, …                              beside the snapshot's files
 *     runs/ID/run.json, derivation.drv, owner.json
 *     keys/KEY                                                             a file that holds a snapshot's id
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { draftName, finishedNames } from '../host/draft.ts';
import {
  describeFileError,
  describingFileErrors,
  madeWhereMissing,
  makeDirectories,
  renameDurably,
  writeDurably,
} from '../host/durable.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { flushTree } from '../snapshots/flush.ts';
import { ownerState, parseOwner, thisOwner } from '../snapshots/owner.ts';
import type { Snapshotter } from '../snapshots/snapshotter.ts';
import { PHASE_RECORD_FILE, parsePhaseRecord, type PhaseRecord } from './phase-record.ts';
import type { Ingredients, ReuseMode } from './phase-key.ts';
import { parseRunRecord, runRecordText, type RunRecord } from './run-record.ts';
import { parseShellState, type ShellState } from './shell-state.ts';

export const STATE_FILE = 'state';
/** The state a phase began with, where it is another than the one beside its parent. */
export const BEGINNING_FILE = 'state-at-beginning';
/** The state of a failed phase with the local variables of the functions it failed in. */
export const FAILURE_STATE_FILE = 'state-at-failure';
const DERIVATION_FILE = 'derivation.drv';
const RUN_FILE = 'run.json';
const OWNER_FILE = 'owner.json';
export const INGREDIENTS_FILE = 'ingredients.json';
/** What the derivation gave to the builder, beside the snapshot of a setup. */
export const GIVEN_FILE = 'given.json';

/** The ingredients of a phase's key in both modes. */
export type IngredientsByMode = Readonly<Record<ReuseMode, Ingredients>>;

/** `confirmed` and `differing` compare with a build by Nix; a run that rests on nothing reused is `succeeded` without one. */
export type RunState = RunRecord['status'] | 'died' | 'unconfirmed' | 'confirmed' | 'differing';

export class PhaseStore {
  readonly root: string;
  readonly snapshotter: Snapshotter;
  readonly #states = new Map<string, ShellState>();
  readonly #records = new Map<string, PhaseRecord>();

  constructor(root: string, snapshotter: Snapshotter) {
    this.root = root;
    this.snapshotter = snapshotter;
  }

  /** A fresh id for a run or snapshot: ten letters and digits, the first a letter. */
  static newId(): string {
    const digits = BigInt(`0x${randomBytes(10).toString('hex')}`).toString(36);
    return `${'abcdefghjkmnpqrstvwxyz'[(randomBytes(1)[0] ?? 0) % 22] ?? 'a'}${digits.slice(-9).padStart(9, '0')}`;
  }

  snapshotDirectory(id: string): string {
    return join(this.root, 'snapshots', id);
  }

  runDirectory(id: string): string {
    return join(this.root, 'runs', id);
  }

  /** The record of a snapshot; null where it is gone or not readable as one. */
  async record(id: string): Promise<PhaseRecord | null> {
    const known = this.#records.get(id);
    if (known !== undefined) return known;
    const text = await readText(join(this.snapshotDirectory(id), PHASE_RECORD_FILE));
    const record = text === null ? null : parsePhaseRecord(text);
    if (record !== null) this.#records.set(id, record);
    return record;
  }

  /** Records of all snapshots, the newest first. */
  async records(): Promise<readonly PhaseRecord[]> {
    const ids = await readNames(join(this.root, 'snapshots'));
    const records = await Promise.all(ids.map((id) => this.record(id)));
    return newestFirst(records.filter((record) => record !== null));
  }

  /** The names people gave to snapshots, the newest first. */
  async keptNames(): Promise<readonly string[]> {
    return (await this.records()).flatMap(({ name }) => (name === null ? [] : [name]));
  }

  /** The shell state of a snapshot. @throws StrataError `format`, or `not-found` where the builder left none. */
  state(id: string): ShellState {
    const known = this.#states.get(id);
    if (known !== undefined) return known;
    const path = join(this.snapshotDirectory(id), STATE_FILE);
    let bytes: Buffer;
    try {
      bytes = readFileSync(path);
    } catch (error) {
      throw new StrataError({
        code: 'not-found',
        operation: `reading the shell state of ${id}`,
        reason: error instanceof Error ? error.message : String(error),
        advice: 'the snapshot was removed, or its builder is no bash',
        cause: error,
      });
    }
    const state = parseShellState(bytes);
    this.#states.set(id, state);
    return state;
  }

  /** The state that a phase began with. @throws as {@link state} does. */
  beginning(record: PhaseRecord): ShellState {
    const key = `${record.id}/${BEGINNING_FILE}`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const path = join(this.snapshotDirectory(record.id), BEGINNING_FILE);
    const state = existsSync(path)
      ? parseShellState(readFileSync(path))
      : this.state(record.parent ?? record.id);
    this.#states.set(key, state);
    return state;
  }

  /** The state at the very failure; null where nothing more is known than {@link state} tells. */
  async failureState(id: string): Promise<ShellState | null> {
    const path = join(this.snapshotDirectory(id), FAILURE_STATE_FILE);
    try {
      return parseShellState(await readFile(path));
    } catch (error) {
      if (isSystemError(error) && error.code === 'ENOENT') return null;
      throw error;
    }
  }

  /** What went into a snapshot's keys; null where it has none. */
  async ingredients(id: string): Promise<IngredientsByMode | null> {
    const text = await readText(join(this.snapshotDirectory(id), INGREDIENTS_FILE));
    return text === null ? null : (JSON.parse(text) as IngredientsByMode);
  }

  /** What a derivation gave to the setup of this snapshot, by name; null where nothing is known of it. */
  async given(id: string): Promise<Readonly<Record<string, string>> | null> {
    const text = await readText(join(this.snapshotDirectory(id), GIVEN_FILE));
    return text === null ? null : (JSON.parse(text) as Record<string, string>);
  }

  /** The snapshot that a key leads to; null where there is none any more. */
  async byKey(key: string): Promise<PhaseRecord | null> {
    const id = await readText(join(this.root, 'keys', key));
    return id === null ? null : this.record(id);
  }

  /** Lets a key lead to a snapshot. */
  async addKey(key: string, id: string): Promise<void> {
    await this.#replace(join(this.root, 'keys', key), id);
  }

  async run(id: string): Promise<RunRecord | null> {
    const text = await readText(join(this.runDirectory(id), RUN_FILE));
    return text === null ? null : parseRunRecord(text);
  }

  /** The ids of all runs, in no order. */
  async runIds(): Promise<readonly string[]> {
    return readNames(join(this.root, 'runs'));
  }

  /** Records of all runs, the newest first. */
  async runs(): Promise<readonly RunRecord[]> {
    const ids = await this.runIds();
    const runs = await Promise.all(ids.map((id) => this.run(id)));
    return newestFirst(runs.filter((run) => run !== null));
  }

  /** Writes down how a run stands. Its end is on the disk when this returns; what is between may be lost with the power. */
  async saveRun(run: Omit<RunRecord, 'schema'>): Promise<void> {
    const path = join(this.runDirectory(run.id), RUN_FILE);
    if (run.status === 'running') await this.#replace(path, runRecordText(run));
    else await writeDurably(path, runRecordText(run), join(this.root, 'runs'));
  }

  /** Begins the record of a run, with the text of its derivation and the process that carries it out: in one step. */
  async beginRun(run: RunRecord, derivation: Uint8Array): Promise<void> {
    const directory = this.runDirectory(run.id);
    const draft = join(this.root, 'runs', draftName());
    await describingFileErrors(`writing ${directory}`, async () => {
      try {
        await makeDirectories(draft);
        await writeFile(join(draft, DERIVATION_FILE), derivation);
        await writeFile(join(draft, OWNER_FILE), JSON.stringify(thisOwner()));
        await writeFile(join(draft, RUN_FILE), runRecordText(run));
        await flushTree(draft);
        await renameDurably(draft, directory);
      } catch (error) {
        await rm(draft, { recursive: true, force: true }).catch(() => undefined);
        throw error;
      }
    });
  }

  /** Takes over the directory of a run that was made elsewhere, from the same file system; one that is here stays. */
  async adoptRun(id: string, from: string): Promise<void> {
    const directory = this.runDirectory(id);
    await describingFileErrors(`writing ${directory}`, async () => {
      if (existsSync(directory)) return;
      await makeDirectories(dirname(directory));
      await flushTree(from);
      await renameDurably(from, directory);
    });
  }

  /** The text of a run's derivation. @throws StrataError `not-found`. */
  async runDerivation(id: string): Promise<Uint8Array> {
    const path = join(this.runDirectory(id), DERIVATION_FILE);
    try {
      return await readFile(path);
    } catch (error) {
      throw new StrataError({
        code: 'not-found',
        operation: `reading the derivation of the run ${id}`,
        reason: error instanceof Error ? error.message : String(error),
        advice: 'the run was removed; build it again: strata run',
        cause: error,
      });
    }
  }

  /** Whether the process that carries out a run still lives. */
  async isRunning(id: string): Promise<boolean> {
    const text = await readText(join(this.runDirectory(id), OWNER_FILE));
    const owner = text === null ? undefined : parseOwner(text);
    return owner !== undefined && ownerState(owner) !== 'dead';
  }

  /** How each run stands, by its id: one that says it is running may have died. */
  async runStates(): Promise<ReadonlyMap<string, RunState>> {
    const runs = await this.runs();
    return new Map(
      await Promise.all(
        runs.map(async (run): Promise<readonly [string, RunState]> => [
          run.id,
          run.status === 'running' && !(await this.isRunning(run.id)) ? 'died' : standing(run),
        ]),
      ),
    );
  }

  /** Forgets a run. Its snapshots stay. */
  async removeRun(id: string): Promise<void> {
    await rm(this.runDirectory(id), { recursive: true, force: true });
  }

  /** Forgets what was read of a snapshot that is gone. */
  forget(id: string): void {
    this.#records.delete(id);
    this.#states.delete(id);
    this.#states.delete(`${id}/${BEGINNING_FILE}`);
  }

  /** Drafts lie beside the directories of runs, where a sweep finds them without looking into each. */
  async #replace(path: string, contents: string | Uint8Array): Promise<void> {
    const draft = join(this.root, 'runs', draftName());
    try {
      await madeWhereMissing([dirname(draft), dirname(path)], () => {
        writeFileSync(draft, contents);
        renameSync(draft, path);
      });
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw describeFileError(`writing ${path}`, error);
    }
  }
}

function standing({ status, confirmation, unconfirmed }: RunRecord): RunState {
  if (status !== 'succeeded') return status;
  if (confirmation !== null) {
    return confirmation.outcome === 'identical' ? 'confirmed' : 'differing';
  }
  return unconfirmed ? 'unconfirmed' : 'succeeded';
}

function newestFirst<Thing extends { readonly createdAt: string }>(
  things: readonly Thing[],
): readonly Thing[] {
  return things.toSorted((a, b) =>
    a.createdAt === b.createdAt ? 0 : a.createdAt < b.createdAt ? 1 : -1,
  );
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw describeFileError(`reading ${path}`, error);
  }
}

async function readNames(directory: string): Promise<readonly string[]> {
  return describingFileErrors(`reading ${directory}`, () => finishedNames(directory));
}
