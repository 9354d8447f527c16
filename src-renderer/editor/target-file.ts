/** The file behind a target, for the editor to open. */
import { absolutePath } from '../store/absolute-path.ts';

/**
 * The file one would edit for a target, as an absolute path; null where there is none on this machine: a `.drv`, a flake of
 * elsewhere, a place on Nix's search path.
 *
 * @param directory where relative targets start.
 */
export function fileOfTarget(target: string, directory: string): string | null {
  const [reference = '', fragment] = target.split('#', 2);
  const path = reference.replace(/^(?:path:|git\+file:)(?:\/\/)?/, '').replace(/\?.*$/, '');
  const isFlake = fragment !== undefined || path !== reference;
  if (path.endsWith('.drv') || path.startsWith('<') || /^[a-z][a-z0-9+.-]*:/.test(path))
    return null;
  if (isFlake) {
    if (path !== '' && !/^[./~]/.test(path)) return null;
    return absolutePath(path === '' ? 'flake.nix' : `${path}/flake.nix`, directory);
  }
  return absolutePath(path.endsWith('.nix') ? path : `${path}/default.nix`, directory);
}
