/** What a daemon did not take from this user, gathered while Nix works, and told once when it is done. */
import type { Engine } from '../engine/engine.ts';
import type { IgnoredSetting, PermittedOption } from '../engine/types.ts';
import type { Front } from './front.ts';
import { renderRefused } from './render/render-nix-build.ts';

type Refused = Omit<PermittedOption, 'does'>;

/** Says of the settings that were given which do not count, before anything is built with them. */
export async function tellRefused(
  engine: Engine,
  { err, errStyle }: Front,
  settings: readonly (readonly [string, string])[],
  signal: AbortSignal,
): Promise<readonly Refused[]> {
  const refused = await engine.refusedSettings(settings, signal);
  for (const one of refused) err.lines(renderRefused(one, errStyle));
  return refused;
}

export class IgnoredReport {
  readonly #found = new Map<string, IgnoredSetting>();

  readonly take = ({ ignored }: { readonly ignored: readonly IgnoredSetting[] }): void => {
    for (const one of ignored) this.#found.set(`${one.name} ${one.value ?? ''}`, one);
  };

  /**
   * @param settings what was given on the command line
   * @param told what was said of them before
   */
  async tell(
    engine: Engine,
    { err, errStyle }: Front,
    settings: readonly (readonly [string, string])[],
    told: readonly Refused[] = [],
  ): Promise<void> {
    const ignored = await engine.ignoredOptions([...this.#found.values()], settings);
    for (const one of ignored) {
      if (!told.some(({ remedy }) => remedy === one.remedy)) {
        err.lines(renderRefused(one, errStyle));
      }
    }
  }
}
