/** What policy `off` shows: the host's root directory, entry by entry, since an overlay would not see mounts in it. */
import { readdirSync } from 'node:fs';
import type { HostBind } from './policy.ts';

/** Places a build has of its own, or that are mounted apart (the store, /dev). */
const OWN_PLACES = new Set(['proc', 'dev', 'nix', 'tmp', 'build', '.strata', 'lost+found']);

/** Binds for everything in the host's root; links stay links. */
export function hostRoot(): readonly HostBind[] {
  const entries = readdirSync('/').filter((name) => !OWN_PLACES.has(name));
  return [...entries.map((name) => `/${name}`), '/nix/var'].map((path) => ({
    source: path,
    target: path,
    optional: true,
    keepLink: true,
  }));
}
