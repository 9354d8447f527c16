/** The end of a run that succeeded: what was built, how long it took, what reuse saved, and what can be done next. */
import type { PhaseRecord, RunResult } from '../../engine/types.ts';
import { formatDuration } from '../terminal/human-units.ts';
import type { Style } from '../terminal/style.ts';
import { derivationName, renderLabelled } from './render-heading.ts';
import { symbol } from './symbols.ts';

export interface Outcome {
  readonly run: RunResult['run'];
  /** Milliseconds the whole command took, evaluation included. */
  readonly ms: number;
  /** Milliseconds that the reused phases took when they ran. */
  readonly savedMs: number;
  /** The last phase that has a snapshot; null where none has. */
  readonly lastPhase: string | null;
  /** The phase whose changes are worth a look: the last that changed files; null where none did. */
  readonly lastChange: string | null;
  /** The states made by a person that it went on from, the newest first. */
  readonly handMade: readonly Pick<PhaseRecord, 'id' | 'name' | 'phase'>[];
  /** Whether the build was stopped before its last phase, as with --until. */
  readonly isPartial: boolean;
}

export function renderResult(outcome: Outcome, strata: string, style: Style): readonly string[] {
  const { run, savedMs, isPartial } = outcome;
  const saved = savedMs > 0 ? `, ${formatDuration(savedMs)} saved by reuse` : '';
  const what = isPartial
    ? `${derivationName(run.derivation)}, up to ${outcome.lastPhase ?? 'nothing'},`
    : derivationName(run.derivation);
  const mark = run.unconfirmed ? `  ${style.yellow('unconfirmed')}` : '';
  return [
    `${symbol('succeeded', style)} ${style.bold(`built ${what}`)} in ${formatDuration(outcome.ms)}${saved}${mark}`,
    ...(isPartial
      ? []
      : renderLabelled(Object.entries(run.outputs), style).map((line) => `  ${line}`)),
    ...(isPartial
      ? []
      : [style.dim('  (scratch paths: they exist in the snapshots, not in the store)')]),
    ...remarks(outcome, style),
    '',
    ...nextCommands(outcome, strata, style),
  ];
}

/** What the mark means: a line for what a person made, and one for what was reused. */
function remarks({ run, handMade }: Outcome, style: Style): readonly string[] {
  if (!run.unconfirmed) return [];
  const reused = run.phases.filter(({ status }) => status === 'reused').length;
  const lines = [
    ...(handMade.length === 0 ? [] : [madeByHand(handMade, style)]),
    ...(reused === 0 && handMade.length > 0 ? [] : [unconfirmed(reused)]),
  ];
  return ['', ...lines];
}

function madeByHand(handMade: Outcome['handMade'], style: Style): string {
  const changes = handMade.map(({ name, phase }) =>
    name === null ? `made while ${phase} was held` : `kept as ${name}`,
  );
  return `${style.yellow('made by hand:')} the result includes the changes ${changes.join(', and those ')}. The derivation does not make them; put them into it, or a build from scratch goes without.`;
}

function unconfirmed(reused: number): string {
  const cause =
    reused === 0
      ? 'it went on from a snapshot'
      : `${reused === 1 ? '1 phase was' : `${reused} phases were`} reused`;
  return `unconfirmed: ${cause}; only a build from scratch by Nix makes certain that the result is the same.`;
}

function nextCommands(
  { run, lastPhase, lastChange, handMade, isPartial }: Outcome,
  strata: string,
  style: Style,
): readonly string[] {
  // A run of a changed derivation would not be comparable with Nix's.
  const isNixs = Object.keys(run.overrides).length === 0 && run.policy.kind === 'strict';
  const fromScratch =
    handMade.length === 0
      ? 'the same from scratch, by Nix, and what differs'
      : 'from scratch, by Nix, without what was made by hand; what differs';
  const commands: readonly (readonly [string, string])[] = [
    ...(lastChange === null
      ? []
      : [[`${strata} diff ${run.id}:${lastChange}`, `what ${lastChange} changed`] as const]),
    ...(lastPhase === null
      ? []
      : [[`${strata} shell ${run.id}:${lastPhase}`, 'a shell in the state reached'] as const]),
    ...handMade.map(
      ({ id, name }) => [`${strata} diff ${name ?? id}`, 'what was changed by hand'] as const,
    ),
    ...(isPartial || !isNixs ? [] : [[`${strata} confirm ${run.id}`, fromScratch] as const]),
  ];
  if (commands.length === 0) return [];
  const column = Math.max(...commands.map(([command]) => command.length));
  return [
    style.dim('next:'),
    ...commands.map(([command, why]) => `  ${command.padEnd(column)}  ${style.dim(`# ${why}`)}`),
  ];
}
