/** `strata shell`: a shell, or one command, in the state of a snapshot. */
import type { ExitStatus, Front } from '../front.ts';
import { Interruption } from '../interruption.ts';
import { withEngine } from './opened-engine.ts';

/** The status is the shell's own. */
export async function shell(
  front: Front,
  snapshot: string,
  keep: string | null,
  command: readonly string[],
): Promise<ExitStatus> {
  const interruption = Interruption.listen();
  const { signal } = interruption;
  // Ctrl-C in the terminal reaches the shell or its command, whose matter it is.
  const leaveIt = (): void => undefined;
  return withEngine(async (engine) => {
    const { exitCode, kept } = await interruption.instead(leaveIt, async () =>
      engine.openShell(snapshot, { keep, command, signal }),
    );
    if (kept !== null) {
      const name = kept.name ?? kept.id;
      const target = (await engine.store.run(kept.run))?.target ?? 'TARGET';
      // Not on standard output, which is the command's.
      front.err.lines([
        `kept as ${name} (${kept.id}); to go on from it:`,
        `    ${front.strata} run ${target} --from ${name}`,
      ]);
    }
    return exitCode;
  });
}
