/** Which libraries processes found and where, as trees in the manner of ldd and libtree. */
import { resolutionTree } from '../../engine/library-traces.ts';
import type {
  Resolution,
  ResolutionNode,
  SearchedDirectory,
  SearchedPlace,
  TracedProcess,
} from '../../engine/types.ts';
import type { Style } from '../terminal/style.ts';
import { terminalText } from '../terminal/terminal-text.ts';
import { symbol } from './symbols.ts';

/** Which lookups are shown: all, or those that found nothing, with what leads to them. */
export type Shown = 'all' | 'missing';

/** Process ids of a group beyond these are counted. */
const MOST_PIDS = 3;

/** @param width columns of the terminal; null where lines may be of any length */
export function* renderLibraries(
  processes: readonly TracedProcess[],
  shown: Shown,
  style: Style,
  width: number | null,
): Generator<string> {
  for (const group of grouped(processes)) {
    yield* renderGroup(group, shown, style, width);
    yield '';
  }
  yield summary(processes);
}

/** Processes that did the same: a configure script starts one program a thousand times. */
function grouped(
  processes: readonly TracedProcess[],
): readonly (readonly [TracedProcess, ...TracedProcess[]])[] {
  // Equal lists are the same array: see SharedList.
  const numbers = new Map<unknown, number>();
  const numberOf = (list: unknown): number => {
    const number = numbers.get(list) ?? numbers.size;
    numbers.set(list, number);
    return number;
  };
  const groups = new Map<string, [TracedProcess, ...TracedProcess[]]>();
  for (const process of processes) {
    const { program, phase, lookups, errors } = process;
    const key = `${numberOf(lookups)} ${numberOf(errors)} ${phase ?? ''}\0${program ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [process]);
    else group.push(process);
  }
  return [...groups.values()];
}

function* renderGroup(
  group: readonly [TracedProcess, ...TracedProcess[]],
  shown: Shown,
  style: Style,
  width: number | null,
): Generator<string> {
  yield* renderResolution(group[0], pidsOf(group), shown, style, width);
}

/** One program and what it needs. @param note what is said beside its name */
export function* renderResolution(
  resolution: Resolution,
  note: string,
  shown: Shown,
  style: Style,
  width: number | null,
): Generator<string> {
  const { roots, duplicates, errors } = resolutionTree(resolution);
  const name = clean(resolution.program ?? 'a program that was not named');
  yield `${style.bold(name)}  ${style.dim(note)}`;
  const visible = shown === 'all' ? roots : leadingToMisses(roots);
  yield* renderNodes(visible, '', style, width);
  if (roots.length === 0) yield style.dim('  looked for no library');
  for (const { library, paths } of duplicates) {
    yield `${style.yellow('!')} ${clean(library)} was found in ${paths.length} places: ${paths.map(clean).join(', ')}`;
  }
  for (const { library, text, fatal } of errors) {
    const said = clean(library === null ? text : `${library}: ${text}`);
    yield `${fatal ? symbol('failed', style) : style.yellow('!')} ${said}${fatal ? '' : style.dim('  (the process went on)')}`;
  }
}

function pidsOf(group: readonly TracedProcess[]): string {
  const pids = group.slice(0, MOST_PIDS).map(({ pid }) => pid);
  const rest = group.length - pids.length;
  const word = group.length === 1 ? 'process' : 'processes';
  return `${word} ${pids.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** What found nothing, and those above it. */
function leadingToMisses(nodes: readonly ResolutionNode[]): readonly ResolutionNode[] {
  return nodes
    .map((node) => ({ ...node, needs: leadingToMisses(node.needs) }))
    .filter(({ lookup, needs }) => lookup.found === null || needs.length > 0);
}

function* renderNodes(
  nodes: readonly ResolutionNode[],
  indent: string,
  style: Style,
  width: number | null,
): Generator<string> {
  for (const [index, { lookup, through, places, needs }] of nodes.entries()) {
    const isLast = index === nodes.length - 1;
    const below = `${indent}${isLast ? '   ' : '│  '}`;
    const head = `${indent}${isLast ? '└─ ' : '├─ '}`;
    const name = clean(lookup.library);
    const dlopened = lookup.kind === 'dlopen' ? ' (dlopen)' : '';
    if (lookup.found === null) {
      yield `${style.dim(head)}${symbol('failed', style)} ${style.bold(style.red(name))}${style.dim(dlopened)}  not found`;
      yield* renderSearch(places, below, style);
    } else {
      const path = clean(lookup.found);
      const shownPath = path === name ? '' : `  ${path}`;
      const why = through === null ? '' : `  ${originText(through)}`;
      const fits = width === null || `${head}${name}${dlopened}${shownPath}${why}`.length <= width;
      const line = `${style.dim(head)}${style.bold(name)}${style.dim(dlopened)}${shownPath}`;
      if (fits) yield `${line}${style.dim(why)}`;
      else yield* [line, `${style.dim(below)}${style.dim(why)}`];
    }
    yield* renderNodes(needs, below, style, width);
  }
}

/** Where a library was looked for in vain. */
function* renderSearch(
  places: readonly SearchedPlace[],
  indent: string,
  style: Style,
): Generator<string> {
  const longest = Math.max(...places.map(({ directory }) => clean(directory).length), 0);
  for (const place of places) {
    const directory = clean(place.directory).padEnd(longest);
    const outcome = outcomeText(place);
    const said = place.outcome === 'passed-over' ? style.red(outcome) : style.dim(outcome);
    yield `${style.dim(indent)}  ${directory}  ${said}${style.dim(`, ${originText(place)}`)}`;
  }
}

/** What became of the file in a directory: `no such file`. */
export function outcomeText({ origin, outcome }: SearchedPlace): string {
  switch (outcome) {
    case null:
      return origin === 'cache' ? 'names none' : 'not tried';
    case 'passed-over':
      return 'does not exist';
    case 'found':
      return 'found';
    case 'missing':
      return 'no such file';
    case 'not-elf':
      return 'no ELF file';
    case 'wrong-class':
      return 'of another ELF class';
    case 'wrong-machine':
      return 'for another machine';
    case 'refused':
      return 'there, but refused';
    case 'unknown':
      return 'not taken';
  }
}

/** `RUNPATH of ./prog`, `LD_LIBRARY_PATH`, `cache`. */
export function originText({ origin, from }: SearchedDirectory): string {
  if (origin === 'direct') return 'asked for by its path';
  if (origin === 'system') return 'system directory';
  return from === null ? origin : clean(`${origin} of ${from}`);
}

function summary(processes: readonly TracedProcess[]): string {
  const lookups = processes.reduce((sum, process) => sum + process.lookups.length, 0);
  const missed = processes.reduce(
    (sum, process) => sum + process.lookups.filter(({ found }) => found === null).length,
    0,
  );
  return `${count(processes.length, 'process', 'processes')}, ${count(lookups, 'lookup', 'lookups')}, ${missed} in vain`;
}

export function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Names come from whoever made the trace. */
export function clean(text: string): string {
  return terminalText(text.replaceAll('\n', ' '), 'drop');
}

/** A process as `strata libs --json` prints it. */
export function processJson({ pid, program, phase, lookups, errors }: TracedProcess): object {
  return { pid, program, phase, lookups, errors };
}
