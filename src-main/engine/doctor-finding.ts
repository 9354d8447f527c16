/** One thing `strata doctor` looked at, and the words for what is not as it should be. */
import { howToGet, notOnPath, requirementFor } from '../host/requirements.ts';

export interface Finding {
  /** A program or an ability: "bubblewrap", "user namespaces". */
  readonly name: string;
  /** `limited`: it is there, and something does not work as well as it could. */
  readonly status: 'ok' | 'limited' | 'missing';
  /** What was found, for people: "0.8.0, /usr/bin/bwrap", or why it cannot be used. */
  readonly found: string;
  /** What does not work, or still works, as it is; null where all is well. */
  readonly without: string | null;
  /** How to get it. Lines that begin with a space are commands to copy. Null where there is nothing to get. */
  readonly get: string | null;
  /** Whether building is impossible or much worse while it is missing. */
  readonly required: boolean;
}

export function ok(name: string, found: string, required = false): Finding {
  return { name, status: 'ok', found, without: null, get: null, required };
}

/** The finding for a program of the table of requirements that is not there. */
export function absentTool(name: string, tool: string): Finding {
  const requirement = requirementFor(tool);
  return {
    name,
    status: 'missing',
    found: notOnPath(tool),
    without: requirement?.without ?? null,
    get: howToGet(tool),
    required: requirement?.need === 'required',
  };
}
