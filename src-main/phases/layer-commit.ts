/** Committing a layer: with its files, its state, its log and what is known of its failure. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Snapshotter } from '../snapshots/snapshotter.ts';
import { contentsAfter } from './contents.ts';
import type { Position } from './decide.ts';
import type { LayerContext, LayerOutcome } from './layer-run.ts';
import {
  PHASE_RECORD_FILE,
  phaseRecordText,
  type PhaseFailure,
  type PhaseRecord,
} from './phase-record.ts';
import type { PhaseStyle } from './phase-report.ts';
import {
  BEGINNING_FILE,
  FAILURE_STATE_FILE,
  GIVEN_FILE,
  INGREDIENTS_FILE,
  STATE_FILE,
  type IngredientsByMode,
} from './phase-store.ts';
import { parseShellState, type ShellState } from './shell-state.ts';

/** What is to be known of a snapshot when it is committed. */
export interface CommitDetails {
  readonly id: string;
  readonly run: string;
  readonly phase: string;
  readonly status: 'succeeded' | 'failed' | 'kept';
  readonly name: string | null;
  readonly parent: string | null;
  readonly initial: string | null;
  readonly style: PhaseStyle;
  readonly phases: readonly string[];
  readonly policyText: string;
  readonly endedBuild: boolean;
  readonly stateBytes: Uint8Array | null;
  /** The state it began with; null where that is the one beside its parent, or nothing is known of it. */
  readonly beginningBytes: Uint8Array | null;
  readonly failureBytes: Uint8Array | null;
  readonly ingredients: IngredientsByMode | null;
  /** For a setup: what the derivation gave to it. */
  readonly given: Readonly<Record<string, string>> | null;
}

export interface Uncommitted {
  readonly contents: string;
  readonly changes: Awaited<ReturnType<Snapshotter['changes']>>;
}

/** Carries out `work` on a layer that is to be committed by it; takes the layer away where it fails. */
export async function orRemoved<Result>(
  { snapshotter }: Pick<LayerContext, 'snapshotter'>,
  key: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    // Not there any more where the commit itself went well; what cannot be removed now, the next start sweeps.
    await snapshotter.remove(key).catch(() => undefined);
    throw error;
  }
}

/** Looks at what a finished process left in its layer. */
export async function inspectLayer(
  snapshotter: Snapshotter,
  key: string,
  from: Position,
): Promise<Uncommitted> {
  const changes = await snapshotter.changes(key);
  return { changes, contents: contentsAfter(from.contents, changes) };
}

/** Commits a layer with its record. */
export async function commitLayer(
  context: Pick<LayerContext, 'snapshotter' | 'preparation' | 'now'>,
  outcome: Pick<LayerOutcome, 'key' | 'exitCode' | 'digest' | 'report' | 'ms'>,
  layer: Uncommitted,
  details: CommitDetails,
): Promise<PhaseRecord> {
  const { snapshotter, preparation, now } = context;
  const { directory } = await snapshotter.stat(outcome.key);
  const { bytes } = await snapshotter.usage(outcome.key);
  if (details.stateBytes !== null) writeFileSync(join(directory, STATE_FILE), details.stateBytes);
  if (details.beginningBytes !== null) {
    writeFileSync(join(directory, BEGINNING_FILE), details.beginningBytes);
  }
  if (details.failureBytes !== null) {
    writeFileSync(join(directory, FAILURE_STATE_FILE), details.failureBytes);
  }
  if (details.ingredients !== null) {
    writeFileSync(join(directory, INGREDIENTS_FILE), JSON.stringify(details.ingredients));
  }
  if (details.given !== null) {
    writeFileSync(join(directory, GIVEN_FILE), JSON.stringify(details.given));
  }
  const record: Omit<PhaseRecord, 'schema'> = {
    id: details.id,
    run: details.run,
    derivation: preparation.request.derivationPath,
    lineage: preparation.lineage,
    phase: details.phase,
    status: details.status,
    name: details.name,
    parent: details.parent,
    initial: details.initial,
    contents: layer.contents,
    policy: details.policyText,
    style: details.style,
    phases: [...details.phases],
    hasState: details.stateBytes !== null,
    endedBuild: details.endedBuild,
    exitCode: outcome.exitCode,
    ms: outcome.ms,
    bytes,
    createdAt: new Date(now()).toISOString(),
    failure: details.status === 'failed' ? describeFailure(outcome) : null,
  };
  writeFileSync(join(directory, PHASE_RECORD_FILE), phaseRecordText(record));
  await snapshotter.commit(details.id, outcome.key, layer.changes);
  return { schema: 1, ...record };
}

function describeFailure({
  report,
  digest,
}: Pick<LayerOutcome, 'report' | 'digest'>): PhaseFailure {
  const ended = report?.kind === 'ended' ? report : null;
  return {
    command: ended?.command ?? null,
    functions: [...(ended?.functions ?? [])],
    line: digest.error ?? digest.tail.findLast(({ text }) => text.trim() !== '') ?? null,
    tail: [...digest.tail],
  };
}

/** The state a phase ended with; the state it began with where the shell could not tell. */
export function stateAfter(outcome: LayerOutcome, before: ShellState): ShellState {
  return outcome.stateBytes === null ? before : parseShellState(outcome.stateBytes);
}
