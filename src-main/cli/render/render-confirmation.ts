/** What a build by Nix from scratch said of a run. */
import type { Confirmation, ConfirmedDifference } from '../../engine/types.ts';
import type { Style } from '../terminal/style.ts';
import { terminalText } from '../terminal/terminal-text.ts';
import { derivationName } from './render-heading.ts';
import { symbol } from './symbols.ts';

/** Differences that are shown without --all. */
const MOST_SHOWN = 30;

type Compared = Extract<Confirmation, { readonly kind: 'compared' }>;

export function renderConfirmation(
  confirmation: Compared,
  lists: 'short' | 'whole',
  strata: string,
  style: Style,
): readonly string[] {
  const { derivation, outcome, differences, compared, run } = confirmation;
  const name = derivationName(derivation);
  if (outcome === 'identical') {
    return [
      `${symbol('succeeded', style)} ${style.bold(`${name} is confirmed`)}: Nix’s build from scratch gives the same (${count(compared, 'path')} compared)`,
      ...renderFollowing(confirmation, style),
    ];
  }
  const shown = lists === 'whole' ? differences : differences.slice(0, MOST_SHOWN);
  const left = differences.length - shown.length;
  const [first] = differences;
  return [
    `${symbol('failed', style)} ${style.bold(`${name} is not what Nix builds from scratch`)}: ${count(differences.length, 'path')} of ${compared} ${differences.length === 1 ? 'differs' : 'differ'}`,
    ...byPhase(shown).flatMap(([phase, some]) => [
      `  ${style.bold(phase ?? 'no phase wrote')}`,
      ...some.map((difference) => `    ${renderDifference(difference, style)}`),
    ]),
    ...(left > 0 ? [style.dim(`  and ${left} more (--all)`)] : []),
    ...renderFollowing(confirmation, style),
    ...(confirmation.isDeterministic
      ? []
      : [
          style.yellow('Nix itself got two different results of this derivation: ') +
            'it is not deterministic, and the layers need not be the cause.',
        ]),
    ...(first?.phase === null || first === undefined
      ? []
      : [
          '',
          style.dim('next:'),
          `  ${strata} run ${derivation} --from ${first.phase}  ${style.dim('# run it again, reusing only what is before')}`,
          `  ${strata} diff ${run}:${first.phase}  ${style.dim(`# what ${first.phase} changed`)}`,
        ]),
  ];
}

function renderDifference({ output, path, says }: ConfirmedDifference, style: Style): string {
  return `${terminalText(`${output}${path}`, 'drop')}  ${style.dim(terminalText(says, 'drop'))}`;
}

/** In the order in which the phases come up. */
function byPhase(
  differences: readonly ConfirmedDifference[],
): readonly (readonly [string | null, readonly ConfirmedDifference[]])[] {
  const groups = new Map<string | null, ConfirmedDifference[]>();
  for (const difference of differences) {
    const group = groups.get(difference.phase) ?? [];
    groups.set(difference.phase, group);
    group.push(difference);
  }
  return [...groups];
}

function renderFollowing({ following }: Compared, style: Style): readonly string[] {
  const ids = following.filter(({ why }) => why === 'build-id').length;
  const packed = following.length - ids;
  return [
    ...(ids > 0
      ? [
          style.dim(
            `  ${count(ids, 'program')} differ by the build id alone, a digest in which the output’s path counts`,
          ),
        ]
      : []),
    ...(packed > 0
      ? [style.dim(`  ${count(packed, 'compressed file')} differ and hold the same`)]
      : []),
  ];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
