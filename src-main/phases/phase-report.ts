/**
 * What the hook in the builder's shell reports beside the state (resources/hooks/hook.bash, `strata-report 1`): pairs of
 * a word and a value, each ended by NUL. It is written by the build, so it is read as anything a stranger wrote.
 */
import { decodePath } from '../host/byte-path.ts';

/** How the phases of a builder are run. */
export type PhaseStyle =
  /** One by one, by the stdenv's `runPhase`. */
  | 'phases'
  /** As one phase by `genericBuild`, which evaluates `buildCommand`. */
  | 'command'
  /** As one phase by the builder itself. */
  | 'whole';

export type PhaseReport =
  /** The builder was stopped before its first phase. */
  | { readonly kind: 'stopped'; readonly style: PhaseStyle; readonly phases: readonly string[] }
  /** The shell ended. */
  | {
      readonly kind: 'ended';
      readonly exitCode: number;
      /** False where the shell exited in the middle of the phase, successfully or not. */
      readonly completed: boolean;
      /** The command that failed, as bash has it (unexpanded); null after success. */
      readonly command: string | null;
      /** The functions it failed in, innermost first. */
      readonly functions: readonly string[];
    };

const HEADER = 'strata-report 1';
const STYLES: readonly PhaseStyle[] = ['phases', 'command', 'whole'];

/** Reads a report; null where it is not whole, as after a kill. */
export function parsePhaseReport(bytes: Uint8Array): PhaseReport | null {
  const fields = decodePath(bytes).split('\0');
  if (fields[0] !== HEADER || fields.at(-2) !== 'end') return null;
  const all = (word: string): string[] =>
    fields.flatMap((field, index) =>
      index % 2 === 1 && field === word ? [fields[index + 1] ?? ''] : [],
    );
  const style = STYLES.find((known) => known === all('phases')[0]);
  if (style !== undefined) return { kind: 'stopped', style, phases: all('phase') };
  return {
    kind: 'ended',
    exitCode: Number(all('status')[0] ?? NaN),
    completed: all('completed')[0] === 'yes',
    command: failedCommand(all('command')[0]),
    functions: all('frame').filter((name) => name !== 'main' && name !== 'source'),
  };
}

/**
 * The command that failed. Where the shell was ended by `exit` in the middle of a phase, bash has come back to what drives
 * the phases before anyone can ask: that names no command of the package.
 */
function failedCommand(command: string | undefined): string | null {
  const drives = /^(eval "\$\{!curPhase|runPhase |genericBuild$)/.test(command ?? '');
  return drives ? null : (command ?? null);
}
