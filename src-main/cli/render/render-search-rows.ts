/** Two search paths beside each other where the terminal is wide, else one list with marks as in a diff. */
import type { SearchedPlace, SearchRow } from '../../engine/types.ts';
import { shortStoreNames } from '../../protocol/store-name.ts';
import type { Style } from '../terminal/style.ts';
import { clean, originText, outcomeText } from './render-libraries.ts';

/** With fewer columns half a line holds no path. */
const WIDE = 100;
const INDENT = '      ';
const BETWEEN = ' │ ';

/** @param width columns of the terminal; null where it is none */
export function* renderSearchRows(
  rows: readonly SearchRow[],
  style: Style,
  width: number | null,
): Generator<string> {
  if (rows.length === 0) return;
  if (width === null || width < WIDE) yield* belowEachOther(rows, style);
  else yield* besideEachOther(rows, style, width);
}

function* besideEachOther(
  rows: readonly SearchRow[],
  style: Style,
  width: number,
): Generator<string> {
  const column = Math.floor((width - INDENT.length - BETWEEN.length) / 2);
  const line = (left: string, right: string): string =>
    `${INDENT}${left}${style.dim(BETWEEN)}${right}`.trimEnd();
  yield style.dim(line('− searched'.padEnd(column), '+ searched'));
  for (const row of rows) {
    const { left, right } = row;
    const [onLeft, onRight] = [cell(left, column).padEnd(column), cell(right, column)];
    if (isSame(row)) yield style.dim(line(onLeft, onRight));
    else yield line(style.red(onLeft), style.green(onRight));
  }
}

function cell(place: SearchedPlace | null, width: number): string {
  if (place === null) return '';
  const outcome = `  ${outcomeText(place)}`;
  const directory = shortStoreNames(clean(place.directory));
  const origin = `, ${originText(place)}`;
  const room = width - outcome.length;
  const shown = directory.length <= room ? directory : `…${directory.slice(1 - room)}`;
  const whole = `${shown}${outcome}${origin}`;
  return whole.length <= width ? whole : `${shown}${outcome}`;
}

function* belowEachOther(rows: readonly SearchRow[], style: Style): Generator<string> {
  const longest = Math.max(
    ...rows.map(({ left, right }) => clean((left ?? right)?.directory ?? '').length),
  );
  const line = (mark: string, place: SearchedPlace): string =>
    `${INDENT}${mark} ${clean(place.directory).padEnd(longest)}  ${outcomeText(place)}, ${originText(place)}`;
  for (const row of rows) {
    const { left, right } = row;
    const said = left?.outcome === 'unknown' ? right : left;
    if (isSame(row) && left?.directory === right?.directory && said !== null) {
      yield style.dim(line(' ', said));
      continue;
    }
    if (left !== null) yield style.red(line('−', left));
    if (right !== null) yield style.green(line('+', right));
  }
}

/** That glibc before 2.43 does not say why it took no file is no difference. */
function isSame({ left, right }: SearchRow): boolean {
  if (left === null || right === null) return false;
  if (left.outcome === right.outcome) return true;
  const said = [left.outcome, right.outcome];
  return said.includes('unknown') && said.includes('missing');
}
