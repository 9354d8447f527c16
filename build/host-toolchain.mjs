// Where the host's compiler and shell live, which the bundled examples build with.
import { existsSync, readFileSync } from 'node:fs';

const candidates = JSON.parse(
  readFileSync(new URL('../src-main/host/host-tools.json', import.meta.url), 'utf8'),
);

/**
 * The directories a sandbox must show for them to run; only those that exist, as Nix refuses others. /etc/alternatives
 * is where Debian's /usr/bin/cc leads.
 */
export function sandboxPaths() {
  return candidates.filter((path) => existsSync(path));
}

/** Settings of Nix, in the form of NIX_CONFIG, under which the examples build in Nix's own sandbox, without a network. */
export function nixSettings() {
  return ['sandbox = true', `sandbox-paths = ${sandboxPaths().join(' ')}`, 'substituters ='];
}

/** What root needs besides: where no group of build users was made, root builds as itself. */
export function buildUsersSetting() {
  const hasBuildUsers = readFileSync('/etc/group', 'utf8')
    .split('\n')
    .some((line) => line.startsWith('nixbld:') && !line.endsWith(':'));
  return `build-users-group = ${hasBuildUsers ? 'nixbld' : ''}`;
}
