/** The key that leads to the last state of a derivation that a build by Nix from scratch has confirmed. */
import { createHash } from 'node:crypto';

/** @param derivation store path of the `.drv` */
export function confirmedKey(derivation: string): string {
  return `confirmed-${createHash('sha256').update(derivation).digest('hex').slice(0, 32)}`;
}
