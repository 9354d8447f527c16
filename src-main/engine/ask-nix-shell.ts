/**
 * Asking a nix-shell to run something, as by a click. The command goes through a file; what is typed are keys that its readline
 * knows (resources/hooks/nix-shell.bash), and only while it is at its prompt: no program reads them, and what is half typed there
 * is not run with it.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describingFileErrors } from '../host/durable.ts';
import { quoteForShell } from '../host/shell-word.ts';
import { StrataError } from '../protocol/errors.ts';
import type { NixShellWork } from '../protocol/methods.ts';
import { nixShellNow } from './nix-shell-phases.ts';

/** A key that no keyboard has; nix-shell.bash binds it. */
const TAKE = '\u001b[9911~';

/**
 * @param own the directory of the shell
 * @param type what types into its terminal
 * @throws StrataError `in-use` where it is not at its prompt.
 */
export async function askNixShell(
  own: string,
  work: NixShellWork,
  type: (keys: string) => void,
): Promise<void> {
  const operation = 'running a phase in the nix-shell';
  const now = await nixShellNow(own);
  if (now !== 'prompt') {
    throw new StrataError({
      code: 'in-use',
      operation,
      ...(now === 'continued'
        ? { reason: 'half a command is typed there', advice: 'end it, or leave it with Ctrl-C' }
        : { reason: 'a program runs there', advice: 'wait for its end, or end it with Ctrl-C' }),
    });
  }
  await describingFileErrors(operation, async () => {
    await writeFile(join(own, 'asked'), `${commandOf(work)}\n`);
    // Until the shell says otherwise: a second click comes before it does.
    await writeFile(join(own, 'now'), 'command');
  });
  type(TAKE);
}

function commandOf(work: NixShellWork): string {
  switch (work.kind) {
    case 'phase':
      return `runPhase ${quoteForShell(work.name)}`;
    case 'left':
      return 'runPhases';
    case 'unpack-afresh':
      return 'startAfresh && runPhase unpackPhase';
  }
}
