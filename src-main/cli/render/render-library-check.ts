/** What the ELF files of a snapshot would find: their trees as those of traced processes, and then what is wrong with them. */
import { hasFailed, isSerious, findingText } from '../../engine/library-traces.ts';
import type { LibraryCheck, LibraryFinding, StaticResolution } from '../../engine/types.ts';
import type { Style } from '../terminal/style.ts';
import { clean, count, renderResolution, type Shown } from './render-libraries.ts';
import { symbol } from './symbols.ts';

/** Files of a finding beyond these are counted. */
const MOST_FILES = 3;

/** @param width columns of the terminal; null where lines may be of any length */
export function* renderLibraryCheck(
  { files, findings }: LibraryCheck,
  shown: Shown,
  style: Style,
  width: number | null,
): Generator<string> {
  for (const file of files) {
    if (shown === 'missing' && !hasFailed(file)) continue;
    yield* renderResolution(file, noteOf(file), shown, style, width);
    yield '';
  }
  for (const finding of shownFindings(findings, shown)) yield* renderFinding(finding, style);
  yield summary(files);
}

function noteOf({ kind, elf }: StaticResolution): string {
  return `${kind}, ${elf.machine}`;
}

function* renderFinding(finding: LibraryFinding, style: Style): Generator<string> {
  const { text, advice } = findingText(finding);
  const sign = isSerious(finding) ? symbol('failed', style) : style.yellow('!');
  yield `${sign} ${clean(text)}`;
  const named = finding.files.slice(0, MOST_FILES).map(clean).join(', ');
  const rest = finding.files.length - MOST_FILES;
  yield style.dim(`  in ${named}${rest > 0 ? ` and ${rest} more` : ''}`);
  for (const line of advice) yield `  ${style.dim('→')} ${clean(line)}`;
  yield '';
}

function summary(files: readonly StaticResolution[]): string {
  const lookups = files.flatMap((file) => file.lookups);
  const missing = files.filter((file) => file.lookups.some(({ found }) => found === null));
  if (files.length === 0) return 'no file there asks the loader for anything';
  const lacking =
    missing.length === 0
      ? 'every library would be found'
      : `${count(missing.length, 'file lacks', 'files lack')} a library`;
  return `${count(files.length, 'file', 'files')}, ${count(lookups.length, 'lookup', 'lookups')}; ${lacking}`;
}

/** The findings that some of the files share, and of each only these. */
export function findingsOf(
  findings: readonly LibraryFinding[],
  files: readonly StaticResolution[],
): readonly LibraryFinding[] {
  const programs = new Set(files.map(({ program }) => program));
  return findings
    .map((finding) => ({ ...finding, files: finding.files.filter((file) => programs.has(file)) }))
    .filter((finding) => finding.files.length > 0);
}

function shownFindings(
  findings: readonly LibraryFinding[],
  shown: Shown,
): readonly LibraryFinding[] {
  return shown === 'all' ? findings : findings.filter(isSerious);
}

/**
 * The files as `strata libs SNAPSHOT:PATH --json` prints them: as it prints processes, but for `pid`, as nothing ran, and with
 * what the file itself says.
 */
export function* checkJson({ files, findings }: LibraryCheck, shown: Shown): Generator<object> {
  for (const file of files) {
    if (shown === 'missing' && !hasFailed(file)) continue;
    const { program, phase, kind, elf, errors, lookups } = file;
    yield {
      program,
      phase,
      kind,
      elf,
      lookups: shown === 'all' ? lookups : lookups.filter(({ found }) => found === null),
      errors,
      findings: findingsOf(shownFindings(findings, shown), [file]).map((finding) => ({
        ...finding,
        files: undefined,
        ...findingText(finding),
      })),
    };
  }
}
