/**
 * Where a host has its shell, its compiler and what they load, so that a sandbox can show them. The list is JSON because
 * the set-up script and the tests read it too.
 */
import { existsSync } from 'node:fs';
import candidates from './host-tools.json' with { type: 'json' };

/**
 * The directories that are there on this machine: Nix refuses others in sandbox-paths. /etc/alternatives is where Debian's
 * /usr/bin/cc leads.
 *
 * @param exists whether this machine has a path
 */
export function hostToolPaths(exists: (path: string) => boolean = existsSync): readonly string[] {
  return candidates.filter(exists);
}
