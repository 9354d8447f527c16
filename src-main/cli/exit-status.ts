/** The exit status for what was thrown. */
import { StrataError } from '../protocol/errors.ts';
import type { ExitStatus } from './front.ts';
import { STOPPED } from './interruption.ts';

export function exitStatusFor(error: unknown): ExitStatus {
  if (!(error instanceof StrataError)) return 2;
  switch (error.code) {
    case 'cancelled':
      return STOPPED;
    case 'build-failed':
      return 1;
    case 'nix':
      // A dependency that does not build is a build that failed; it names its derivation.
      return 'derivation' in error ? 1 : 2;
    case 'usage':
    case 'environment':
    case 'format':
    case 'not-found':
    case 'in-use':
      return 2;
  }
}
