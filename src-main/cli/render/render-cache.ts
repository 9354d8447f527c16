/** What `strata cache` wrote, and which caches builds use. */
import type { CacheExport, PermittedOption, UsedCache } from '../../engine/types.ts';
import { quoteForBash, quoteForShell } from '../../host/shell-word.ts';
import type { Style } from '../terminal/style.ts';

export function renderCacheExport(
  { directory, paths, repaired, publicKey, settings, container }: CacheExport,
  strata: string,
  style: Style,
): readonly string[] {
  const key = publicKey === null ? '' : ` --public-key ${publicKey}`;
  const mended =
    repaired.length === 0
      ? []
      : [`written anew, as they did not match their archives: ${repaired.join(', ')}`];
  const signed =
    publicKey === null
      ? style.dim('nobody signed it; sign with --key FILE where others are to trust it')
      : `signed: ${publicKey}`;
  return [
    `${directory} has ${paths === 1 ? 'the path' : `all ${paths} paths`}, listed again through it`,
    ...mended,
    signed,
    '',
    'To fetch from it, in nix.conf, or in NIX_CONFIG of a trusted user:',
    '',
    ...settings.map(([name, value]) => `    ${name} = ${value}`),
    '',
    'For the builds of Strata:',
    '',
    `    ${strata} cache add ${quoteForShell(directory)}${key}`,
    '',
    'In a container:',
    '',
    `    podman run ${container.map(quoteForBash).join(' ')} IMAGE`,
  ];
}

/** @param refused of the settings that the cache needs, those that Nix does not take from this user */
export function renderUsedCache(
  cache: UsedCache,
  refused: readonly Omit<PermittedOption, 'does'>[],
  style: Style,
): readonly string[] {
  const own =
    cache.publicKey === null
      ? 'what is in it is taken unsigned'
      : `what is signed by ${cache.publicKey} is taken`;
  const [first] = refused;
  const used = `the next builds fetch from ${cache.directory}; ${own}`;
  if (first === undefined) return [used];
  return [
    used,
    // The daemon's own settings need not be those that this user sees.
    style.yellow(`but as nix.conf is, Nix will not: ${first.why}`),
    ...refused.flatMap(({ remedy }) => (remedy ?? '').split('\n')).filter(isFirst),
  ];
}

function isFirst(line: string, at: number, lines: readonly string[]): boolean {
  return lines.indexOf(line) === at;
}

export function renderUsedCaches(caches: readonly UsedCache[], strata: string): readonly string[] {
  if (caches.length === 0) {
    return [`no caches beside those of nix.conf; ${strata} cache add DIR uses one`];
  }
  return caches.map(({ directory, publicKey }) => `${directory}  ${publicKey ?? 'unsigned'}`);
}
