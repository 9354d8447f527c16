/**
 * The instructions that nixpkgs' `breakpointHook` prints into a build's log when a build fails and waits for somebody to
 * enter it (nixpkgs: pkgs/by-name/br/breakpointHook). Two texts are about:
 *
 * ```
 * build for NAME failed in PHASE with exit code N          build failed in PHASE with exit code N
 * To attach, run the following command:                    To attach install cntr and run the following command as root:
 *     sudo /nix/store/…-attach/bin/attach ID                  cntr attach -t command cntr-/nix/store/…
 * ```
 *
 * Nothing here throws, and nothing here is to be trusted: any build can print it.
 */
import { stripVTControlCharacters } from 'node:util';
import type { BuilderLine } from './build-log.ts';

/** What tells the paused process from others. */
export type PausedMark =
  /** It is `sleep ID`; the script attaches to it. */
  | { readonly kind: 'sleep'; readonly id: string; readonly script: string }
  /** Its command line, or that of the shell around it, has `cntr-OUTPUT`. */
  | { readonly kind: 'cntr'; readonly output: string };

/** A build that has failed and waits. */
export interface Breakpoint {
  /** Store path of its `.drv`. */
  readonly derivation: string;
  /** Null where the older text, or nothing, says it. */
  readonly name: string | null;
  readonly phase: string | null;
  readonly exitCode: number | null;
  readonly mark: PausedMark;
}

type Failure = Omit<Breakpoint, 'mark' | 'derivation'>;

const UNKNOWN: Failure = { name: null, phase: null, exitCode: null };

const FAILURE = /^\s*build (?:for (\S+) )?failed in (\S*) with exit code (\d+|unknown)$/;
const SCRIPT = /^\s*sudo (\/\S+\/bin\/attach) (\d{1,19})$/;
const CNTR = /^\s*cntr attach -t command cntr-(\/\S+)$/;

/** A longer line is none of these (UTF-16 units). */
const LONGEST_LINE = 64 * 1024;

/** Takes the lines of builders as they come, and gives the breakpoints that they complete. */
export class BreakpointReader {
  /** The failures that were told, by the derivation: lines of several can alternate. */
  readonly #failures = new Map<string, Failure>();

  /** The breakpoint that this line completes; null for any other line. */
  take({ derivation, text: line }: Pick<BuilderLine, 'derivation' | 'text'>): Breakpoint | null {
    // Of a million lines hardly one is looked at.
    if (!(line.includes('failed in') || line.includes('attach'))) return null;
    if (line.length > LONGEST_LINE) return null;
    const text = plain(line);
    const failure = FAILURE.exec(text);
    if (failure !== null) {
      const [, name, phase = '', exitCode] = failure;
      this.#failures.set(derivation, {
        name: known(name),
        phase: known(phase),
        exitCode: exitCode === 'unknown' ? null : Number(exitCode),
      });
      return null;
    }
    const mark = markIn(text);
    if (mark === null) return null;
    const told = this.#failures.get(derivation) ?? UNKNOWN;
    this.#failures.delete(derivation);
    return { derivation, ...told, mark };
  }
}

/** Without colours, and of a line that was overwritten after carriage returns, the last version. */
function plain(line: string): string {
  const text = stripVTControlCharacters(line).trimEnd();
  return text.slice(text.lastIndexOf('\r') + 1);
}

function markIn(text: string): PausedMark | null {
  const [, script, id] = SCRIPT.exec(text) ?? [];
  if (script !== undefined && id !== undefined) return { kind: 'sleep', id, script };
  const [, output] = CNTR.exec(text) ?? [];
  return output === undefined ? null : { kind: 'cntr', output };
}

/** The hook says `unknown` for a variable that is not set. */
function known(word: string | undefined): string | null {
  return word === undefined || word === '' || word === 'unknown' ? null : word;
}
