/** A search does not hold up the engine, whatever is searched for. */
import { afterEach, expect, test } from 'vitest';
import { LineMatcher, type Pattern } from '../../../src-main/engine/line-matcher.ts';

const never = new AbortController().signal;
const endless = { query: '(a+)+$', regex: true, caseSensitive: true };
const bait = `${'a'.repeat(60)}!`;
let matcher: LineMatcher | null = null;

function start(pattern: Partial<Pattern>, budget?: number): LineMatcher {
  matcher = new LineMatcher(
    { query: '', regex: false, caseSensitive: false, ...pattern },
    ...(budget === undefined ? [] : [budget]),
  );
  return matcher;
}

afterEach(async () => matcher?.close());

test('the places of what matches, block after block', async () => {
  const plain = start({ query: 'A.b' });
  expect(await plain.match(['a.b', 'axb', 'xA.B'], never)).toEqual([0, 2]);
  expect(await plain.match(['', 'a.b'], never)).toEqual([1]);
  await plain.close();
  const regex = start({ query: '^a.b$', regex: true, caseSensitive: true });
  expect(await regex.match(['axb', 'Axb'], never)).toEqual([0]);
});

test('what is no regular expression is refused before anything is started', () => {
  expect(() => start({ query: '(', regex: true })).toThrow(
    expect.objectContaining({ code: 'usage', operation: 'searching the log' }) as Error,
  );
});

test('one that takes for ever is ended, and the engine goes on meanwhile', async () => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 10);
  await expect(start(endless, 500).match([bait], never)).rejects.toMatchObject({
    code: 'usage',
    reason: 'it takes too long, as nested repetitions do: (a+)+',
  });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(10);
});

test('the budget is for all blocks together', async () => {
  const slow = start({ ...endless, query: '(a+)+$' }, 1);
  await expect(slow.match([bait], never)).rejects.toMatchObject({ code: 'usage' });
  await expect(slow.match(['b'], never)).rejects.toMatchObject({ code: 'usage' });
});

test('it is cancelled at once', async () => {
  const stop = new AbortController();
  const matching = start(endless).match([bait], stop.signal);
  stop.abort();
  await expect(matching).rejects.toBe(stop.signal.reason);
});
