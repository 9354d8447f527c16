/** What a trace of libraries can be compared with, and how the differences are called. */
import type { LibraryDifferenceView, Run, TraceSource } from '../../src-main/protocol/methods.ts';
import { targetTitle } from '../run-bar/target-path.ts';
import { ago } from '../timeline/duration.ts';

export interface Counterpart {
  /** Tells it from the others. */
  readonly value: string;
  readonly label: string;
  readonly says: string;
  readonly of: TraceSource;
}

/** More are not offered; the newest are. */
const MOST = 60;

/**
 * The phases whose libraries were traced, the newest first, those of the same name before the others.
 *
 * @param shown what is looked at; it is not compared with itself
 */
export function counterparts(
  runs: readonly Run[],
  shown: TraceSource,
  now: number,
): readonly Counterpart[] {
  const own = 'run' in shown ? shown : null;
  const all = runs.flatMap(({ id, target, status, createdAt, phases }) =>
    phases
      .filter(
        ({ name, traced }) => traced.includes('ld') && !(id === own?.run && name === own.phase),
      )
      .map(({ name, status: ended }): Counterpart & { readonly isSame: boolean } => ({
        value: `${id} ${name}`,
        label: `${name}, ${ended}, ${ago(Date.parse(createdAt), now)}`,
        says: `${targetTitle(target)}, run ${status}`,
        of: { run: id, phase: name },
        isSame: name === own?.phase,
      })),
  );
  return [...all.filter(({ isSame }) => isSame), ...all.filter(({ isSame }) => !isSame)]
    .slice(0, MOST)
    .map(({ value, label, says, of }) => ({ value, label, says, of }));
}

const KINDS = {
  'only-left': 'looked for here alone',
  'only-right': 'looked for there alone',
  'found-left': 'found here alone',
  'found-right': 'found there alone',
  elsewhere: 'found in another place',
  'other-build': 'same name, another build',
  'other-origin': 'same file, another part of the path',
  'other-search': 'found by neither, on different paths',
  'error-left': 'an error here alone',
  'error-right': 'an error there alone',
} as const;

/** What differs, as a clause; *here* is what was looked at, *there* what it is compared with. */
export function differenceText({ kind }: LibraryDifferenceView): string {
  return KINDS[kind];
}

/** The library that a difference is about. */
export function differenceName(difference: LibraryDifferenceView): string {
  if (!('error' in difference)) return difference.library;
  return difference.error.library ?? difference.error.text;
}

/** Which program it concerns: `render in checkPhase`, `sh in buildPhase and 3 more`. */
export function differenceWhere({
  program,
  phase,
  processes,
}: Pick<LibraryDifferenceView, 'program' | 'phase' | 'processes'>): string {
  const name = program?.split('/').at(-1) ?? 'a program that was not named';
  const more = processes > 1 ? `, ${processes.toLocaleString('en')} processes` : '';
  return `${name}${phase === null ? '' : ` in ${phase}`}${more}`;
}
