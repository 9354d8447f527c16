/** Whether the engine can trace system calls. */
import { useConnection } from './connection.ts';

/** Why it cannot, and what helps. */
export const STRACE_MISSING =
  'That needs strace, which is not on the PATH of the engine: install it (apt-get install strace, or nix-shell -p strace), then start Strata again.';

/** As long as the engine is not known, it is taken to be able to: it says so itself if it is not. */
export function useHasStrace(): boolean {
  return useConnection(({ hello }) => hello === null || hello.tools.includes('strace'));
}
