/** A directory in the file manager of the person at this machine. */
import { runTool } from '../host/process.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';

/**
 * Only what Strata itself shows is opened: a front is not to have any program open any file.
 *
 * @param shown the directories that snapshots are shown in
 * @throws StrataError `usage` for another one, `environment` without a program that opens directories.
 */
export async function openDirectory(
  directory: string,
  shown: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const operation = `opening ${directory}`;
  if (!shown.includes(directory)) {
    throw new StrataError({
      code: 'usage',
      operation,
      reason: 'no snapshot is shown there',
      advice: 'show one there first: strata mount SNAPSHOT DIR',
    });
  }
  const tool = process.platform === 'darwin' ? 'open' : 'xdg-open';
  try {
    const { exitCode, stderr } = await runTool({
      operation,
      tool,
      args: [directory],
      accept: [0, ...NOTHING_OPENS],
      signal,
    });
    if (exitCode !== 0) throw nothingOpens(operation, directory, stderr.toString('utf8'));
  } catch (error) {
    if (!(error instanceof StrataError) || !isSystemError(error.cause)) throw error;
    throw new StrataError({
      code: 'environment',
      operation,
      reason: `${tool} is not on PATH`,
      advice: `install xdg-utils, or open the directory by yourself: ${directory}`,
      cause: error,
    });
  }
}

/** xdg-open(1): "3 A required tool could not be found. 4 The action failed."; so without a desktop. */
const NOTHING_OPENS = [3, 4];

function nothingOpens(operation: string, directory: string, output: string): StrataError {
  return new StrataError({
    code: 'environment',
    operation,
    reason: 'there is no file manager, or no display, on the machine where Strata runs',
    advice: `look at it there by yourself: ${directory}`,
    output,
  });
}
