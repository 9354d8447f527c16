/** What the engine can trace system calls with. */
import type { Wish } from '../../src-main/protocol/methods.ts';
import { useConnection } from './connection.ts';

export type Tracer = NonNullable<Wish['tracer']>;

/** Why it cannot, and what helps. */
export const TRACER_MISSING =
  'That needs strace, which is not on the PATH of the engine, and nothing else can take its place: install it (apt-get install strace, or nix-shell -p strace), then start Strata again.';

const ASSUMED: readonly Tracer[] = ['strace'];

/** The first choice first. As long as the engine is not known, it is taken to be able to: it says so itself if it is not. */
export function useTracers(): readonly Tracer[] {
  return useConnection(({ hello }) => hello?.tracers ?? ASSUMED);
}
