/** `strata nix-shell`: a shell in the environment of a derivation, outside the sandbox, with its phases one by one. */
import { runNixShell, type NixShellOptions } from '../../engine/nix-shell.ts';
import type { BuildWish } from '../../engine/types.ts';
import type { ExitStatus, Front } from '../front.ts';
import { Interruption } from '../interruption.ts';
import { renderRealisation } from '../render/render-realisation.ts';
import { withEngine } from './opened-engine.ts';

/** The status is the shell's own. */
export async function nixShell(
  front: Front,
  wish: BuildWish,
  options: Omit<NixShellOptions, 'overrides'>,
): Promise<ExitStatus> {
  const interruption = Interruption.listen();
  const { signal } = interruption;
  const { err } = front;
  err.status('evaluating');
  const process = await withEngine((engine) =>
    engine.nixShell(wish, options, {
      signal,
      onRealisation: (progress) => err.status(renderRealisation(progress)),
    }),
  ).finally(() => err.close());
  // Ctrl-C in the terminal reaches the shell or its phase, whose matter it is.
  const leaveIt = (): void => undefined;
  const status = await interruption.instead(leaveIt, async () => runNixShell(process, signal));
  if (options.command.length === 0) {
    front.err.lines([`kept in ${process.kept}; ${front.strata} nix-shell goes on there`]);
  }
  return status;
}
