// How this machine installs programs: the family of its distribution, and the words to tell a person.
import { existsSync, readFileSync } from 'node:fs';

/** 'nixos', 'debian' (and what descends from it), 'fedora' or 'other'. */
export function distribution() {
  const names = osReleaseNames();
  return ['nixos', 'debian', 'fedora'].find((family) => names.includes(family)) ?? 'other';
}

/** The words of ID and ID_LIKE, as os-release(5) has them: `ubuntu`, `debian`. */
function osReleaseNames() {
  if (!existsSync('/etc/os-release')) return [];
  const lines = readFileSync('/etc/os-release', 'utf8').split('\n');
  return lines
    .filter((line) => /^ID(_LIKE)?=/.test(line))
    .flatMap((line) => line.replace(/^.*?=/, '').replaceAll('"', '').split(' '));
}

/** The packages of a distribution's family that hold these programs, each once. */
export function packageNames(programs, family) {
  const names = programs.map(({ packages }) => packages[family]).filter((name) => name !== null);
  return [...new Set(names)];
}

/** The lines that tell a person how to install these programs on such a distribution. */
export function installAdvice(programs, family) {
  const nixNames = packageNames(programs, 'nix');
  const lacksNix = nixNames.includes('nix');
  const attributes = nixNames.filter((name) => name !== 'nix');
  switch (family) {
    case 'debian':
      return [
        `sudo apt-get install ${packageNames(programs, 'debian').join(' ')}`,
        // Debian gives the daemon's socket to this group alone.
        ...(lacksNix ? ['sudo adduser "$USER" nix-users    (then log in again)'] : []),
      ];
    case 'fedora':
      return [`sudo dnf install ${packageNames(programs, 'fedora').join(' ')}`];
    case 'nixos':
      return [
        `nix-shell -p nodejs ${nixNames.join(' ')}    (and run the command again in that shell)`,
        `or, to keep them: environment.systemPackages = with pkgs; [ ${nixNames.join(' ')} ];`,
      ];
    default:
      return [
        ...(lacksNix ? ['Nix: see https://nixos.org/download'] : []),
        ...(attributes.length > 0
          ? [`the rest with your package manager, or: nix-shell -p ${attributes.join(' ')}`]
          : []),
      ];
  }
}
