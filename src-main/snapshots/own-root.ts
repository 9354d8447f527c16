/**
 * Builds make files nobody may read and directories nobody may enter. Root reads them anyway; an ordinary user can too, as
 * root of a user namespace in which only this user exists: the kernel then waives the permissions of the user's own files.
 */
import { runTool } from '../host/process.ts';

const ENTER = ['unshare', '--user', '--map-root-user'] as const;

let probed: Promise<readonly string[]> | undefined;

/**
 * The words to put before a command so that it may read and remove whatever this user's builds made. Empty for root, and
 * where user namespaces are refused: the command then meets the permissions as they are.
 */
export function ownRoot(): Promise<readonly string[]> {
  probed ??= process.getuid?.() === 0 ? Promise.resolve([]) : probe();
  return probed;
}

/** Splits a command line into the tool and its arguments, with {@link ownRoot} before it. */
export async function asOwnRoot(
  tool: string,
  args: readonly string[],
): Promise<{ readonly tool: string; readonly args: readonly string[] }> {
  const prefix = await ownRoot();
  const [first, ...rest] = [...prefix, tool, ...args];
  return { tool: first ?? tool, args: rest };
}

async function probe(): Promise<readonly string[]> {
  try {
    await runTool({
      operation: 'entering a user namespace',
      tool: ENTER[0],
      args: [...ENTER.slice(1), 'true'],
    });
    return ENTER;
  } catch {
    // Not an error here: doctor reports it, and most trees need no more rights than their owner has.
    return [];
  }
}
