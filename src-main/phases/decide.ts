/**
 * Whether a phase runs, is reused or is passed over, and why. A decision is made for one phase at a time from where the
 * build stands: planning makes them all before anything runs, running makes each again when its turn comes, since a phase
 * that ran and changed nothing lets the next be reused.
 */
import type { BaseFile } from '../sandbox/base.ts';
import { endsBuild } from './build-end.ts';
import type { Policy } from '../sandbox/policy.ts';
import { changedInputs, explainChange } from './explain-change.ts';
import { isDerivationsOwn } from './hand-made.ts';
import { phaseIngredients, phaseKey, type ReuseMode } from './phase-key.ts';
import type { PhaseRecord } from './phase-record.ts';
import type { PhaseStyle } from './phase-report.ts';
import type { IngredientsByMode, PhaseStore } from './phase-store.ts';
import { rebaseState, type Rebased } from './rebase.ts';
import type { ShellState } from './shell-state.ts';
import { whySkipped } from './skipped-phase.ts';

/** What holds for all phases of a plan. */
export interface PlanSetting {
  readonly store: PhaseStore;
  readonly lineage: string;
  readonly style: PhaseStyle;
  readonly phases: readonly string[];
  /** The state the derivation's setup gives. */
  readonly initial: ShellState;
  readonly policy: Policy;
  readonly sandboxPaths: string;
  readonly system: string;
  readonly files: readonly BaseFile[];
  /** What the derivation gives to its builder, for explanations. */
  readonly given: Readonly<Record<string, string>>;
  readonly reuse: ReuseMode | 'force';
  /** The first phase that runs whatever could be reused; null for none. */
  readonly from: string | null;
}

/** Where the build stands between two phases. */
export interface Position {
  /** The snapshot reached; null for the empty tree. */
  readonly snapshot: string | null;
  readonly contents: string;
  readonly state: ShellState;
}

export type Decision =
  | { readonly action: 'skip'; readonly why: string }
  | {
      readonly action: 'reuse';
      readonly why: string;
      readonly record: PhaseRecord;
      readonly next: Position;
    }
  | {
      readonly action: 'run';
      readonly why: string;
      readonly ingredients: IngredientsByMode;
      /** The keys under which the result is to be found again. */
      readonly keys: readonly string[];
    };

/** Decides about the phase at `index` of the plan. */
export async function decide(
  setting: PlanSetting,
  position: Position,
  index: number,
): Promise<Decision> {
  const { store, lineage, phases, reuse } = setting;
  const phase = phases[index] ?? '';
  const skipped = whySkipped(phase, position.state);
  if (skipped !== null) return { action: 'skip', why: skipped };

  const ingredients = ingredientsOf(setting, position, index);
  const keys = {
    strict: phaseKey(phase, 'strict', ingredients.strict),
    smart: phaseKey(phase, 'smart', ingredients.smart),
  };
  const run = (why: string): Decision => ({
    action: 'run',
    why,
    ingredients,
    keys: [keys.strict, keys.smart],
  });

  const from = setting.from === null ? -1 : phases.indexOf(setting.from);
  if (from >= 0 && index >= from) {
    return run(index === from ? 'asked for with --from' : `comes after ${setting.from ?? ''}`);
  }
  if (reuse === 'force') {
    const last = await latest(store, lineage, phase, 'succeeded');
    return last === null
      ? run('there is no result to resume from')
      : reused(last, stateAfterReuse(store, last, position).state, 'forced, whatever changed');
  }
  const found = await store.byKey(keys[reuse]);
  if (found !== null) {
    const { state, conflicts } = stateAfterReuse(store, found, position);
    if (conflicts.length === 0) return reused(found, state, 'nothing it uses changed');
    return run(`${conflicts.slice(0, 3).join(', ')} changed, which this phase adds to`);
  }
  return run(await whyNotFound(setting, phase, ingredients, reuse));
}

/** The decision to go on from a phase's earlier result. */
function reused(record: PhaseRecord, state: ShellState, why: string): Decision {
  const next = { snapshot: record.id, contents: record.contents, state };
  return { action: 'reuse', why, record, next };
}

/**
 * The state after a phase whose earlier result stands for it: what the phase changed then, changed in the state now.
 *
 * @param from where the build stands before the phase
 */
export function stateAfterReuse(store: PhaseStore, record: PhaseRecord, from: Position): Rebased {
  return rebaseState(store.state(record.id), store.beginning(record), from.state);
}

/** The state of any snapshot under a derivation, from the initial states of its own run and of that derivation. */
export function rebased(
  { store, initial }: Pick<PlanSetting, 'store' | 'initial'>,
  record: PhaseRecord,
): Rebased {
  return rebaseState(store.state(record.id), store.state(record.initial ?? record.id), initial);
}

function ingredientsOf(setting: PlanSetting, position: Position, index: number): IngredientsByMode {
  const inputs = {
    phase: setting.phases[index] ?? '',
    style: setting.style,
    phases: setting.phases,
    state: position.state,
    parentContents: position.contents,
    policy: setting.policy,
    sandboxPaths: setting.sandboxPaths,
    system: setting.system,
    lineage: setting.lineage,
    files: setting.files,
    endsBuild: endsBuild(setting.phases, index, position.state),
  };
  return {
    strict: phaseIngredients(inputs, 'strict'),
    smart: phaseIngredients(inputs, 'smart'),
  };
}

async function whyNotFound(
  { store, lineage, given }: PlanSetting,
  phase: string,
  ingredients: IngredientsByMode,
  mode: ReuseMode,
): Promise<string> {
  const last = await latest(store, lineage, phase, 'any');
  if (last === null) return 'this is its first run';
  const before = await store.ingredients(last.id);
  if (before === null) return 'its last result cannot be compared';
  const same = phaseKey(phase, mode, before[mode]) === phaseKey(phase, mode, ingredients[mode]);
  if (same && last.status === 'failed') return 'it failed the last time';
  const gave = last.initial === null ? null : await store.given(last.initial);
  return explainChange(before[mode], ingredients[mode], changedInputs(gave ?? given, given));
}

/** The newest snapshot of a phase among those that can share layers with the plan's derivation, and are derivations' own. */
async function latest(
  store: PhaseStore,
  lineage: string,
  phase: string,
  status: 'succeeded' | 'any',
): Promise<PhaseRecord | null> {
  for (const record of await store.records()) {
    const fits =
      record.lineage === lineage &&
      record.phase === phase &&
      (status === 'any' || record.status === status);
    if (fits && (await isDerivationsOwn(store, record))) return record;
  }
  return null;
}
