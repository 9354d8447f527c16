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
import { parseLogLine } from './log-events.ts';

/** What tells the paused process from others. */
export type PausedMark =
  /** It is `sleep ID`; the script attaches to it. */
  | { readonly kind: 'sleep'; readonly id: string; readonly script: string }
  /** Its command line, or that of the shell around it, has `cntr-OUTPUT`. */
  | { readonly kind: 'cntr'; readonly output: string };

/** A build that has failed and waits. */
export interface Breakpoint {
  /** Null where the older text, or nothing, says it. */
  readonly name: string | null;
  readonly phase: string | null;
  readonly exitCode: number | null;
  readonly mark: PausedMark;
}

type Failure = Omit<Breakpoint, 'mark'>;

const UNKNOWN: Failure = { name: null, phase: null, exitCode: null };

/** `nix build -L` and `nix-build` with several builds put the name before each line. */
const SOURCE = /^([^\s<>]+)> (.*)$/;

const FAILURE = /^\s*build (?:for (\S+) )?failed in (\S*) with exit code (\d+|unknown)$/;
const SCRIPT = /^\s*sudo (\/\S+\/bin\/attach) (\d{1,19})$/;
const CNTR = /^\s*cntr attach -t command cntr-(\/\S+)$/;

/** A longer line is none of these; a builder that prints no line feed must not fill the memory (UTF-16 units). */
const LONGEST_LINE = 64 * 1024;

/** Builds whose failure is remembered: as many as run at once, and then some. */
const MOST_SOURCES = 256;

/** Takes a log as it comes, in pieces of any length, and gives the breakpoints that it completes. */
export class BreakpointReader {
  readonly #decoder = new TextDecoder();
  #rest = '';
  /** Whether the rest is the end of a line that was too long. */
  #overlong = false;
  /** The failures that were told, by the build: lines of several can alternate. */
  readonly #failures = new Map<string, Failure>();

  push(chunk: Uint8Array): Breakpoint[] {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#rest = lines.pop() ?? '';
    const found = lines.flatMap((line, at) => {
      if (at > 0 || !this.#overlong) return this.#take(line);
      this.#overlong = false;
      return [];
    });
    if (this.#rest.length > LONGEST_LINE) {
      this.#rest = '';
      this.#overlong = true;
    }
    return found;
  }

  /** What a last line without a line feed gives. */
  end(): Breakpoint[] {
    const rest = this.#rest;
    this.#rest = '';
    return this.#overlong ? [] : this.#take(rest);
  }

  #take(line: string): Breakpoint[] {
    if (line.length > LONGEST_LINE) return [];
    const { source, text } = ofBuild(line);
    const failure = FAILURE.exec(text);
    if (failure !== null) {
      const [, name, phase = '', exitCode] = failure;
      this.#remember(source, {
        name: known(name),
        phase: known(phase),
        exitCode: exitCode === 'unknown' ? null : Number(exitCode),
      });
      return [];
    }
    const mark = markIn(text);
    if (mark === null) return [];
    const told = this.#failures.get(source) ?? UNKNOWN;
    this.#failures.delete(source);
    return [{ ...told, mark }];
  }

  #remember(source: string, failure: Failure): void {
    this.#failures.delete(source);
    this.#failures.set(source, failure);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MOST_SOURCES && oldest !== undefined) this.#failures.delete(oldest);
  }
}

/** What a build printed, and which one: by its name, or in internal-json by its activity. */
function ofBuild(line: string): { readonly source: string; readonly text: string } {
  const event = parseLogLine(line);
  if (event.kind === 'result' && event.result.kind === 'build-log-line') {
    return { source: `@${event.id}`, text: plain(event.result.line) };
  }
  const text = plain(line);
  const [, source = '', rest] = SOURCE.exec(text) ?? [];
  return { source, text: rest ?? text };
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
