/** The programs Strata starts: whether each is there, and which version. */
import { REQUIREMENTS } from '../host/requirements.ts';
import { absentTool, ok, type Finding } from './doctor-finding.ts';
import { ask, type Answer } from './doctor-question.ts';

/** Names that people know better than the program's. */
const NAMES: Readonly<Record<string, string>> = { bwrap: 'bubblewrap' };

/** Nix has a file of its own. */
const ELSEWHERE = new Set(['nix-store']);

/** One finding for each program of the table, in its order; the programs are asked in parallel. */
export async function examineTools(): Promise<readonly Finding[]> {
  const tools = REQUIREMENTS.map(({ tool }) => tool).filter((tool) => !ELSEWHERE.has(tool));
  return Promise.all(tools.map(async (tool) => toolFinding(tool, await ask(tool, '--version'))));
}

export function toolFinding(tool: string, answer: Answer): Finding {
  const name = NAMES[tool] ?? tool;
  switch (answer.kind) {
    case 'absent':
      return absentTool(name, tool);
    case 'silent':
      return { ...absentTool(name, tool), found: answer.reason };
    case 'answered':
      return ok(name, versionIn(answer.output), absentTool(name, tool).required);
  }
}

/**
 * The version in what `--version` printed, wherever the program puts it: "bubblewrap 0.8.0", "find (GNU findutils)
 * 4.9.0", "unshare from util-linux 2.38.1", "strace -- version 6.1".
 */
export function versionIn(output: string): string {
  const [firstLine = ''] = output.split('\n');
  return /(?<![\w.])v?(\d+\.\d[\w.+~-]*)/.exec(firstLine)?.[1] ?? 'present';
}
