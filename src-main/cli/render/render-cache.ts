/** What `strata cache` wrote, and which caches builds use. */
import type { CacheExport, Finding, UsedCache } from '../../engine/types.ts';
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

export function renderUsedCache(cache: UsedCache, trust: Finding, style: Style): readonly string[] {
  const own =
    cache.publicKey === null
      ? 'what is in it is taken unsigned'
      : `what is signed by ${cache.publicKey} is taken`;
  const refused =
    trust.status === 'ok'
      ? []
      : [
          style.yellow(`${trust.found}: it will not fetch from there`),
          ...(trust.get ?? '').split('\n'),
        ];
  return [`the next builds fetch from ${cache.directory}; ${own}`, ...refused];
}

export function renderUsedCaches(caches: readonly UsedCache[], strata: string): readonly string[] {
  if (caches.length === 0) {
    return [`no caches beside those of nix.conf; ${strata} cache add DIR uses one`];
  }
  return caches.map(({ directory, publicKey }) => `${directory}  ${publicKey ?? 'unsigned'}`);
}
