/** Two runs side by side, for people and as JSON: section by section, in each the first difference first. */
import type {
  AccessComparison,
  Change,
  ComparedLibraries,
  ComparedVariable,
  Comparison,
  LibraryDifference,
  LogDifference,
  LogsComparison,
  LookupDifference,
  Section,
} from '../../engine/types.ts';
import { valueSteps } from '../../protocol/value-diff.ts';
import type { Style } from '../terminal/style.ts';
import { terminalText } from '../terminal/terminal-text.ts';
import { changeJson, changesSummary, renderChange } from './render-changes.ts';
import { clean, originText } from './render-libraries.ts';
import { renderSearchRows } from './render-search-rows.ts';

export interface ComparisonView {
  readonly lists: 'short' | 'whole';
  readonly style: Style;
  /** Columns of the terminal; null where lines may be of any length. */
  readonly width: number | null;
}

/** Entries of a section unless all are asked for. */
const SHORT = 5;
/** Lines of a difference in a log, and parts of a variable, likewise. */
const SHORT_LINES = 4;
/** Characters of a line or value. */
const LONGEST = 300;

export function* renderComparison(comparison: Comparison, view: ComparisonView): Generator<string> {
  const { style } = view;
  const { left, right, after, libraries, accesses, files, variables, log } = comparison;
  yield `${style.red('−')} ${style.bold(clean(left))}   ${style.green('+')} ${style.bold(clean(right))}`;
  yield '';
  const state = after === null ? '' : ` after ${afterText(after)}`;
  yield* renderSections(
    [
      sectionOf('Libraries', libraries, (value) => librariesLines(value, view)),
      // Who traced the loader alone has nothing to learn about that.
      ...(accesses.kind === 'compared' || libraries.kind !== 'compared'
        ? [sectionOf('Files looked for', accesses, (value) => accessLines(value, view))]
        : []),
      sectionOf(`Files${state}`, files, (value) => filesLines(value, view)),
      sectionOf(`Variables${state}`, variables, (value) => variablesLines(value, view)),
      sectionOf('Log', log, (value) => logLines(value, view)),
    ],
    style,
  );
}

function afterText({ left, right }: NonNullable<Comparison['after']>): string {
  return left === right ? clean(left) : `${clean(left)} and ${clean(right)}`;
}

/** What a section says in short, and its entries. */
interface Told {
  readonly summary: string;
  readonly lines: Iterable<string>;
}

type RenderedSection =
  | (Told & { readonly kind: 'compared'; readonly title: string })
  | (Extract<Section<unknown>, { kind: 'not-compared' }> & { readonly title: string });

function sectionOf<Value>(
  title: string,
  section: Section<Value>,
  tell: (value: Value) => Told,
): RenderedSection {
  if (section.kind === 'not-compared') return { ...section, title };
  return { kind: 'compared', title, ...tell(section.value) };
}

function* renderSections(sections: readonly RenderedSection[], style: Style): Generator<string> {
  for (const section of sections) {
    if (section.kind !== 'compared') continue;
    yield `${style.bold(section.title)}  ${section.summary}`;
    yield* section.lines;
    yield '';
  }
  const reasons = new Map<string, { readonly titles: string[]; readonly advice: string | null }>();
  for (const section of sections) {
    if (section.kind === 'compared') continue;
    const known = reasons.get(section.reason) ?? { titles: [], advice: section.advice };
    known.titles.push(section.title);
    reasons.set(section.reason, known);
  }
  for (const [reason, { titles, advice }] of reasons) {
    yield `${style.yellow('not compared:')} ${titles.join(', ')}: ${clean(reason)}`;
    if (advice !== null) yield style.dim(`  ${clean(advice)}`);
  }
}

function* short<Item>(
  items: readonly Item[],
  { lists, style }: ComparisonView,
  tell: (item: Item, index: number) => Iterable<string>,
  unlisted = 0,
): Generator<string> {
  const shown = lists === 'whole' ? items : items.slice(0, SHORT);
  for (const [index, item] of shown.entries()) yield* tell(item, index);
  const more = items.length - shown.length;
  if (more > 0) yield style.dim(`  … ${more + unlisted} more; --all shows them`);
  else if (unlisted > 0) yield style.dim(`  … ${unlisted} more, too many to list`);
}

function librariesLines(
  { differences, more, lone, same, notUnderstood }: ComparedLibraries,
  view: ComparisonView,
): Told {
  const { style } = view;
  const rebuilt = differences.filter(({ kind }) => kind === 'other-build');
  const real = differences.slice(0, differences.length - rebuilt.length);
  const parts = [
    differing(real.length + more),
    ...(rebuilt.length > 0 ? [`${rebuilt.length} found in another build of the same`] : []),
    `${counted(same.lookups, 'other lookup')} the same`,
    ...(notUnderstood > 0 ? [`${counted(notUnderstood, 'line')} not understood`] : []),
  ];
  return {
    summary: parts.join(', '),
    lines: concatenated(
      short(real, view, (one, index) => libraryLines(one, index, view), more),
      view.lists === 'whole'
        ? short(rebuilt, view, (one, index) => libraryLines(one, index, view))
        : [],
      short(lone, view, ({ side, program, phase, processes }) => [
        `  ${sign(side, style)} ${style.dim(`only here: ${counted(processes, 'process', 'es')} of`)} ${clean(program ?? 'a program that was not named')}${style.dim(inPhase(phase))}`,
      ]),
    ),
  };
}

function* libraryLines(
  difference: LibraryDifference,
  index: number,
  view: ComparisonView,
): Generator<string> {
  const { style, width } = view;
  if ('error' in difference) {
    const { library, text } = difference.error;
    const side = difference.kind === 'error-left' ? 'left' : 'right';
    yield `  ${sign(side, style)} ${clean(library === null ? text : `${library}: ${text}`)}${style.dim(whereText(difference))}`;
    return;
  }
  yield `  ${style.bold(clean(difference.library))}  ${kindText(difference)}${style.dim(whereText(difference))}`;
  yield* sideLine('left', difference.left, style);
  yield* sideLine('right', difference.right, style);
  // Of what neither has found the path is all there is to tell.
  const isShown = index === 0 || view.lists === 'whole' || difference.kind === 'other-search';
  if (isShown && difference.kind !== 'other-build') {
    yield* renderSearchRows(difference.search, style, width);
  }
}

function kindText({ kind }: LookupDifference): string {
  switch (kind) {
    case 'only-left':
      return 'looked for by − alone';
    case 'only-right':
      return 'looked for by + alone';
    case 'found-left':
      return 'found by − alone';
    case 'found-right':
      return 'found by + alone';
    case 'elsewhere':
      return 'found in another place';
    case 'other-build':
      return 'same name, another build';
    case 'other-origin':
      return 'the same file, through another part of the search path';
    case 'other-search':
      return 'found by neither, on different search paths';
  }
}

function* sideLine(
  side: 'left' | 'right',
  lookup: LookupDifference['left'],
  style: Style,
): Generator<string> {
  if (lookup === null) return;
  const { found, through } = lookup;
  const path = found === null ? 'not found' : clean(found);
  const why = through === null ? '' : style.dim(`  ${originText(through)}`);
  yield `    ${sign(side, style)} ${path}${why}`;
}

/** `  (./render in checkPhase)`, `  (4 processes, first sh in buildPhase)`. */
function whereText({
  program,
  phase,
  processes,
}: Pick<LibraryDifference, 'program' | 'phase' | 'processes'>): string {
  const name = clean(program ?? 'a program that was not named');
  const many = processes > 1 ? `${processes} processes, first ` : '';
  return `  (${many}${name}${inPhase(phase)})`;
}

function inPhase(phase: string | null): string {
  return phase === null ? '' : ` in ${clean(phase)}`;
}

function accessLines({ missingLeft, missingRight }: AccessComparison, view: ComparisonView): Told {
  const { style } = view;
  const missing = (side: 'left' | 'right') =>
    function* ({ path, programs }: AccessComparison['missingLeft'][number]): Generator<string> {
      const names = programs.slice(0, SHORT_LINES).map((program) => clean(program ?? '?'));
      const found = side === 'left' ? 'missing for −, there for +' : 'there for −, missing for +';
      yield `  ${style.bold(clean(path))}  ${found}${style.dim(`  (${names.join(', ')})`)}`;
    };
  const all = missingLeft.length + missingRight.length;
  return {
    summary: all === 0 ? 'none was missing on one side alone' : `${all} missing on one side alone`,
    lines: concatenated(
      short(missingLeft, view, missing('left')),
      short(missingRight, view, missing('right')),
    ),
  };
}

function filesLines(changes: readonly Change[], view: ComparisonView): Told {
  return {
    summary:
      changes.length === 0
        ? 'the same'
        : `${differing(changes.length)}: ${changesSummary(changes)}`,
    lines: short(changes, view, (change) => [`  ${renderChange(change, view.style)}`]),
  };
}

function variablesLines(all: readonly ComparedVariable[], view: ComparisonView): Told {
  const real = all.filter(({ rebuilt }) => !rebuilt);
  const rebuilt = all.length - real.length;
  const more = rebuilt > 0 ? `, ${rebuilt} by hashes of store paths alone` : '';
  const shown = view.lists === 'whole' ? [...real, ...all.filter((one) => one.rebuilt)] : real;
  return {
    summary: all.length === 0 ? 'the same' : `${differing(real.length)}${more}`,
    lines: short(shown, view, (variable) => variableLines(variable, view)),
  };
}

function* variableLines(variable: ComparedVariable, view: ComparisonView): Generator<string> {
  const { style } = view;
  yield `  ${style.bold(clean(variable.name))}`;
  const steps = valueSteps(variable).filter(({ kind }) => kind !== 'same');
  const shown = view.lists === 'whole' ? steps : steps.slice(0, SHORT_LINES);
  for (const { kind, text } of shown) {
    yield `    ${sign(kind === 'removed' ? 'left' : 'right', style)} ${cut(text, view)}`;
  }
  if (steps.length > shown.length) yield style.dim(`    … ${steps.length - shown.length} more`);
}

function logLines({ phases, onlyLeft, onlyRight }: LogsComparison, view: ComparisonView): Told {
  const { style } = view;
  const all = phases.flatMap(({ phase, differences }) =>
    differences.map((difference) => ({ phase, difference })),
  );
  return {
    summary: all.length === 0 ? 'the same' : `differs in ${counted(all.length, 'place')}`,
    lines: concatenated(
      short(all, view, ({ phase, difference }) => logDifference(phase, difference, view)),
      onlyLeft.map(
        (phase) => `  ${sign('left', style)} ${style.dim('only here:')} ${clean(phase)}`,
      ),
      onlyRight.map(
        (phase) => `  ${sign('right', style)} ${style.dim('only here:')} ${clean(phase)}`,
      ),
    ),
  };
}

function* logDifference(
  phase: string,
  { left, right }: LogDifference,
  view: ComparisonView,
): Generator<string> {
  const { style } = view;
  const lines = left.line === right.line ? `${left.line}` : `${left.line} and ${right.line}`;
  yield style.dim(`  ${clean(phase)}, line ${lines}`);
  for (const [side, { texts, count }] of [
    ['left', left],
    ['right', right],
  ] as const) {
    const shown = view.lists === 'whole' ? texts : texts.slice(0, SHORT_LINES);
    for (const text of shown) yield `    ${sign(side, style)} ${cut(text, view)}`;
    if (count > shown.length) {
      yield `    ${sign(side, style)} ${style.dim(`… ${count - shown.length} more lines`)}`;
    }
  }
}

function sign(side: 'left' | 'right', style: Style): string {
  return side === 'left' ? style.red('−') : style.green('+');
}

function cut(text: string, { lists }: ComparisonView): string {
  const shown = terminalText(text.replaceAll('\n', ' '), 'drop');
  return lists === 'whole' || shown.length <= LONGEST ? shown : `${shown.slice(0, LONGEST)}…`;
}

function differing(count: number): string {
  return count === 0 ? 'none differ' : count === 1 ? '1 differs' : `${count} differ`;
}

function counted(number: number, what: string, ending = 's'): string {
  return `${number} ${what}${number === 1 ? '' : ending}`;
}

function* concatenated(...all: readonly Iterable<string>[]): Generator<string> {
  for (const lines of all) yield* lines;
}

/** What `strata compare --json` prints. A section that was not compared is null, and `notCompared` says why. */
export function comparisonJson(comparison: Comparison): object {
  const { left, right, after, ...sections } = comparison;
  const values: Record<string, unknown> = {};
  const notCompared: Record<string, object> = {};
  for (const [name, section] of Object.entries(sections)) {
    if (section.kind === 'compared') values[name] = section.value;
    else {
      values[name] = null;
      notCompared[name] = { reason: section.reason, advice: section.advice };
    }
  }
  const { files } = sections;
  if (files.kind === 'compared') values['files'] = files.value.map(changeJson);
  return { left, right, after, ...values, notCompared };
}
