/** `strata nix-options`: the options of a build by Nix, and which of them this user may use here. */
import type { ExitStatus, Front } from '../front.ts';
import { Interruption } from '../interruption.ts';
import { renderOptions } from '../render/render-nix-build.ts';
import { jsonArrayLines } from '../terminal/json-text.ts';
import { withEngine } from './opened-engine.ts';

export async function nixOptions(
  { out, style }: Front,
  format: 'text' | 'json',
): Promise<ExitStatus> {
  const { signal } = Interruption.listen();
  const options = await withEngine((engine) => engine.nixOptions(signal));
  out.lines(format === 'json' ? jsonArrayLines(options) : renderOptions(options, style));
  return 0;
}
