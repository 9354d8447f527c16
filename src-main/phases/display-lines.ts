/**
 * Lines for Nix's own display: `@nix {"action":"setPhase","phase":…}` (Nix, src/libutil/logging.cc,
 * `handleJSONLogMessage`). They stay in a log's file, and are not for people.
 */
import type { ShellFunction, ShellState } from './shell-state.ts';

const PREFIX = Buffer.from('@nix ');

/** Whether a line of a log is for Nix's display. */
export function isDisplayLine(line: Buffer): boolean {
  // The first byte decides for all but a few of the lines.
  return line[0] === PREFIX[0] && line.subarray(0, PREFIX.length).equals(PREFIX);
}

/**
 * The state of a shell that a person sees: its functions print no such lines. Everything else that they print to
 * NIX_LOG_FD is for people, so the variable stays as it is.
 */
export function withoutDisplayLines(state: ShellState): ShellState {
  const functions = new Map<string, ShellFunction>(state.functions);
  for (const [name, definition] of state.functions) {
    const text = definition.text.replace(PRINTS, '$1:$2');
    if (text !== definition.text) functions.set(name, { ...definition, text });
  }
  return { ...state, functions };
}

/**
 * The command of nixpkgs' `showPhaseHeader` (of 2026) or `runPhase` (of 2024), as bash prints it: alone in its line.
 *
 *     printf "@nix { \"action\": \"setPhase\", \"phase\": \"%s\" }\n" "$phase" 1>&"$NIX_LOG_FD";
 *     echo "@nix { \"action\": \"setPhase\", \"phase\": \"$curPhase\" }" 1>&"$NIX_LOG_FD";
 */
const PRINTS = /^( *)(?:printf|echo) ["']@nix \{.*>&"?\$\{?NIX_LOG_FD\}?"?(;?)$/gm;
