/**
 * The setup of a derivation: its builder up to the first phase. What it leaves is the state every plan starts from.
 */
import { policyText } from '../sandbox/policy.ts';
import { StrataError } from '../protocol/errors.ts';
import { isBash, mentionsGenericBuild } from './builder-script.ts';
import { NO_CONTENTS } from './contents.ts';
import { exportedScalar, valueText } from './declarations.ts';
import type { Position } from './decide.ts';
import type { PhaseRecord } from './phase-record.ts';
import type { PhaseStyle } from './phase-report.ts';
import { builderProcess } from './builder-process.ts';
import { commitLayer, inspectLayer, orRemoved, stateAfter } from './layer-commit.ts';
import { runInLayer, type LayerContext, type LayerOutcome } from './layer-run.ts';
import { PhaseStore } from './phase-store.ts';
import { environmentState, givenValues, type Preparation } from './preparation.ts';
import { shellStateBytes, type ShellState } from './shell-state.ts';

/** The name of a build that has no phases. */
const WHOLE_BUILD = 'build';
export const SETUP = 'setup';

/** Where a plan begins. */
export interface Start {
  readonly style: PhaseStyle;
  readonly phases: readonly string[];
  readonly position: Position;
  /** The snapshot that holds the initial state; null for a builder that has none. */
  readonly initial: string | null;
}

export type SetupResult =
  | { readonly kind: 'ready'; readonly start: Start }
  /** The builder ended before a phase began: that was an error in its setup. */
  | { readonly kind: 'failed'; readonly record: PhaseRecord }
  /** The builder turned out to have no phases to be stopped at, and has run to its end. */
  | { readonly kind: 'built'; readonly outcome: LayerOutcome; readonly start: Start };

/** The state before anything has run. */
export function emptyPosition(preparation: Preparation): Position {
  return {
    snapshot: null,
    contents: NO_CONTENTS,
    state: environmentState(preparation.environment),
  };
}

/** The start of a builder that has no phases. */
export function wholeStart(preparation: Preparation): Start {
  return {
    style: 'whole',
    phases: [WHOLE_BUILD],
    position: emptyPosition(preparation),
    initial: null,
  };
}

/** Whether a builder can be stopped before its first phase: only then is there a setup. */
export function hasPhases({ environment }: Preparation): boolean {
  const { builder, args } = environment;
  return isBash(builder) && mentionsGenericBuild(builder, args);
}

/** The setup as an earlier run left it, if nothing it depends on has changed; null otherwise. */
export async function knownSetup(
  store: PhaseStore,
  preparation: Preparation,
): Promise<Start | null> {
  const record = await store.byKey(preparation.setupKey);
  if (record?.phase !== SETUP) return null;
  const start = startFrom(store, record);
  const { position } = start;
  return { ...start, position: { ...position, state: withCores(position.state, preparation) } };
}

/** How many cores to use is no input, so it may be another than when the setup ran. */
function withCores(state: ShellState, { environment }: Preparation): ShellState {
  const name = 'NIX_BUILD_CORES';
  const cores = environment.env.get(name);
  if (cores === undefined || valueText(state.variables.get(name)) === cores) return state;
  const variables = new Map([...state.variables, [name, exportedScalar(name, cores)]]);
  return { ...state, variables };
}

/** The start that a setup's snapshot gives. */
export function startFrom(store: PhaseStore, record: PhaseRecord): Start {
  return {
    style: record.style,
    phases: record.phases,
    position: { snapshot: record.id, contents: record.contents, state: store.state(record.id) },
    initial: record.id,
  };
}

/** Runs the setup and commits what it left. */
export async function runSetup(
  store: PhaseStore,
  context: LayerContext,
  run: string,
): Promise<SetupResult> {
  const { preparation, snapshotter } = context;
  const before = emptyPosition(preparation);
  const id = PhaseStore.newId();
  const outcome = await runInLayer(context, {
    key: `active-${id}`,
    parent: null,
    phase: SETUP,
    mode: 'setup',
    process: builderProcess(preparation),
    state: null,
  });
  const { report } = outcome;
  const stopped = report?.kind === 'stopped' ? report : null;
  if (stopped === null && outcome.exitCode === 0) {
    return { kind: 'built', outcome, start: wholeStart(preparation) };
  }
  if (stopped !== null && stopped.phases.length === 0) {
    await snapshotter.remove(outcome.key);
    throw new StrataError({
      code: 'usage',
      operation: 'looking for the phases of the build',
      reason: 'the list of phases is empty',
      advice: 'set `phases`, or leave it out for the usual ones',
    });
  }
  const state: ShellState = stateAfter(outcome, before.state);
  const record = await orRemoved(context, outcome.key, async () => {
    const layer = await inspectLayer(snapshotter, outcome.key, before);
    return commitLayer(context, outcome, layer, {
      id,
      run,
      phase: SETUP,
      status: stopped === null ? 'failed' : 'succeeded',
      name: null,
      parent: null,
      initial: id,
      style: stopped?.style ?? 'whole',
      phases: stopped?.phases ?? [],
      policyText: policyText(preparation.request.policy),
      endedBuild: false,
      stateBytes: shellStateBytes(state),
      beginningBytes: null,
      failureBytes: outcome.failureBytes,
      ingredients: null,
      given: givenValues(preparation.request),
    });
  });
  if (stopped === null) return { kind: 'failed', record };
  await store.addKey(preparation.setupKey, id);
  return { kind: 'ready', start: startFrom(store, record) };
}
