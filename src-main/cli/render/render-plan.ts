/** A plan as a table: each phase, what is to become of it, what that saves, and why. */
import type { PlannedPhase } from '../../engine/types.ts';
import { formatDuration } from '../terminal/human-units.ts';
import type { Style } from '../terminal/style.ts';
import { terminalText } from '../terminal/terminal-text.ts';
import { symbol, type Mark } from './symbols.ts';
import { wrap } from './wrap.ts';

const MARKS: Readonly<Record<PlannedPhase['action'], Mark>> = {
  run: 'run',
  reuse: 'reused',
  skip: 'skipped',
};

/** @param width columns of the terminal; null where lines may be of any length */
export function renderPlan(
  phases: readonly PlannedPhase[],
  style: Style,
  width: number | null,
): readonly string[] {
  if (phases.length === 0) return [];
  const nameWidth = Math.max(...phases.map(({ name }) => name.length));
  const savings = phases.map(({ savedMs }) =>
    savedMs > 0 ? `saves ${formatDuration(savedMs)}` : '',
  );
  const savingWidth = Math.max(...savings.map((saving) => saving.length));
  const actionEnd = 2 + 2 + nameWidth + 2 + 5 + 2;
  const withSavings = actionEnd + (savingWidth === 0 ? 0 : savingWidth + 2);
  const longest = Math.max(...phases.map(({ why }) => why.length));
  // Where a column of savings would leave the reasons too little room, each stands with its reason.
  const hasColumn = width === null || savingWidth === 0 || withSavings + longest <= width;
  const reasonColumn = hasColumn ? withSavings : actionEnd;
  return [
    ...phases.flatMap(({ name, action, why }, index) => {
      const isRun = action === 'run';
      const reason = isRun ? (text: string): string => text : style.dim;
      const shown = name.padEnd(nameWidth);
      const saving = savings[index] ?? '';
      const column = savingWidth === 0 || !hasColumn ? '' : `${saving.padEnd(savingWidth)}  `;
      const [first = '', ...rest] = wrap(
        terminalText(hasColumn || saving === '' ? why : `${why}; ${saving}`, 'drop'),
        width === null ? null : width - reasonColumn,
      );
      const head = `  ${symbol(MARKS[action], style)} ${isRun ? style.bold(shown) : style.dim(shown)}`;
      return [
        `${head}  ${action.padEnd(5)}  ${style.green(column)}${reason(first)}`,
        ...rest.map((line) => `${' '.repeat(reasonColumn)}${reason(line)}`),
      ];
    }),
    `  ${style.dim(planSummary(phases))}`,
  ];
}

/** `3 to run, 5 reused (saves 12.3 s), 1 skipped`. */
function planSummary(phases: readonly PlannedPhase[]): string {
  const count = (action: PlannedPhase['action']): number =>
    phases.filter((phase) => phase.action === action).length;
  const saved = phases.reduce((sum, { savedMs }) => sum + savedMs, 0);
  const parts: readonly (readonly [number, string])[] = [
    [count('run'), 'to run'],
    [count('reuse'), saved > 0 ? `reused, which saves ${formatDuration(saved)}` : 'reused'],
    [count('skip'), 'skipped'],
  ];
  return parts
    .filter(([number]) => number > 0)
    .map(([number, what]) => `${number} ${what}`)
    .join('; ');
}
