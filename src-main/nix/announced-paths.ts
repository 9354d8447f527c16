/**
 * The lists with which Nix begins (src/libmain/shared.cc, `printMissing`): `these 2 derivations will be built:`, `this path
 * will be fetched (0.04 MiB download, 0.20 MiB unpacked):`, and a path a line after two spaces.
 */

export interface AnnouncedPath {
  readonly will: 'build' | 'fetch';
  readonly path: string;
}

const HEADS: readonly (readonly [RegExp, AnnouncedPath['will']])[] = [
  [/^(?:this derivation|these (?:\d+ )?derivations) will be built:$/, 'build'],
  [/^(?:this path|these (?:\d+ )?paths) will be fetched\b.*:$/, 'fetch'],
];

export class AnnouncedPaths {
  #will: AnnouncedPath['will'] | null = null;

  /** What a message announces; null for most. To be asked for every message, in order. */
  take(message: string): AnnouncedPath | null {
    if (this.#will !== null && message.startsWith('  /')) {
      return { will: this.#will, path: message.slice(2) };
    }
    this.#will = HEADS.find(([head]) => head.test(message))?.[1] ?? null;
    return null;
  }
}
