// Whether this Node can run Strata. Asked first of all, in words that every Node of the last years can read.
import { SetUpError } from './set-up-error.mjs';

/** The same as `engines` in package.json: ^20.19.0 || >=22.12.0. */
function isSupported(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
}

export function checkNodeVersion() {
  const version = process.versions.node;
  if (isSupported(version)) return;
  throw new SetUpError(
    `Strata needs Node 20.19 or later of the 20 series, or 22.12 or later; this is Node ${version} (${process.execPath}).\n` +
      'Get one from https://nodejs.org, or with nix-shell -p nodejs_22.',
  );
}
