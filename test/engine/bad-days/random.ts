/** Random moments that can be had again: the seed is in the message of whatever fails. */

/** Numbers from 0 to 1 (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** STRATA_TEST_SEED, or another one each time. */
export const seed = Number(process.env['STRATA_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
