// Searching with a regular expression of a person's own, which may have no end, and through files of a state.
import { assert, describe, it, vi } from 'vitest';
import type { Changes } from '../../../src-main/protocol/methods.ts';
import { compileQuery, findPlaces, NO_QUERY } from '../../../src-renderer/log/log-query.ts';
import {
  PlaceFinder,
  type FindRequest,
  type FindWorker,
} from '../../../src-renderer/log/place-finder.ts';
import { searchChanges, type SearchProgress } from '../../../src-renderer/snapshots/text-search.ts';

const FILES: Readonly<Record<string, string>> = {
  '/a': 'one\ntwo\n',
  '/b': 'two\n'.repeat(6000),
  '/c': 'two\n',
};
vi.mock('../../../src-renderer/connection/connection.ts', () => ({
  callEngine: (_: string, { path }: { path: string }) => {
    const text = FILES[path] ?? 'two\n';
    return Promise.resolve({ base64: btoa(text), size: text.length });
  },
}));

const regex = (text: string) => compileQuery({ ...NO_QUERY, text, regex: true });
const never = new AbortController().signal;

/** A thread that answers all but `(x+x+)+y`, with which it would be busy for ever. */
function worker(ended: () => void): FindWorker {
  const thread: FindWorker = {
    onmessage: null,
    onerror: null,
    terminate: ended,
    postMessage: ({ pattern, texts }: FindRequest) => {
      if (pattern.kind === 'regex' && pattern.expression.source === '(x+x+)+y') return;
      const found = texts
        .map((text, at) => ({ at, places: findPlaces(text, pattern) }))
        .filter(({ places }) => places.length > 0);
      say(found);
    },
  };
  const say = (data: unknown) =>
    setTimeout(() => {
      thread.onmessage?.call({} as Worker, { data } as MessageEvent);
    });
  say('loaded');
  return thread;
}

function finder() {
  const threads = { started: 0, ended: 0 };
  const find = new PlaceFinder(() => {
    threads.started += 1;
    return worker(() => (threads.ended += 1));
  }, 50);
  return { finder: find, threads };
}

describe('a place finder', () => {
  it('gives the texts that have a match', async () => {
    const { finder: places } = finder();
    assert.deepStrictEqual(await places.find(regex('t.o'), ['one', 'two', 'tao two'], never), [
      { at: 1, places: [{ start: 0, end: 3 }] },
      {
        at: 2,
        places: [
          { start: 0, end: 3 },
          { start: 4, end: 7 },
        ],
      },
    ]);
  });

  it('ends the thread that takes too long, once for an expression, and goes on with others', async () => {
    const { finder: places, threads } = finder();
    const endless = regex('(x+x+)+y');
    const outcomes = await Promise.allSettled([
      places.find(endless, ['x'.repeat(40)], never),
      places.find(endless, ['x'.repeat(40)], never),
      places.find(regex('x'), ['x'], never),
    ]);
    assert.deepStrictEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected', 'fulfilled'],
    );
    assert.deepStrictEqual(threads, { started: 2, ended: 1 });
  });

  it('does not begin with what nobody waits for any more', async () => {
    const { finder: places, threads } = finder();
    const outcome = places.find(regex('x'), ['x'], AbortSignal.abort());
    const error: unknown = await outcome.catch((reason: unknown) => reason);
    assert.strictEqual((error as DOMException).name, 'AbortError');
    assert.strictEqual(threads.started, 0);
  });
});

describe('searching the files of a state', () => {
  const changes = (paths: readonly string[]) =>
    ({
      to: 's',
      paths,
      kinds: 'A'.repeat(paths.length),
      types: 'f'.repeat(paths.length),
      sizes: paths.map((path) => FILES[path]?.length ?? 4),
    }) as unknown as Changes;
  const search = async (paths: readonly string[]) => {
    const seen: SearchProgress[] = [];
    const { finder: places } = finder();
    const find = places.find.bind(places);
    await searchChanges(changes(paths), regex('two'), find, never, (next) => seen.push(next));
    return seen;
  };

  it('finds lines, in the order of the files', async () => {
    const last = (await search(['/c', '/a'])).at(-1);
    const line = (number: number) => ({ number, text: 'two', places: [{ start: 0, end: 3 }] });
    assert.deepStrictEqual(last, {
      files: [
        { path: '/c', lines: [line(1)] },
        { path: '/a', lines: [line(2)] },
      ],
      searched: 2,
      total: 2,
      left: 0,
      end: 'done',
    });
  });

  it('says that it stopped for want of room', async () => {
    const last = (await search(['/b', ...Array.from({ length: 50 }, (_, at) => `/${at}`)])).at(-1);
    assert.strictEqual(last?.end, 'cut');
    assert.isBelow(last?.searched ?? 0, 51);
  });

  it('does not report each file by itself', async () => {
    const start = performance.now();
    const reports = await search(Array.from({ length: 500 }, (_, at) => `/${at}`));
    assert.isAtMost(reports.length, 2 + (performance.now() - start) / 100);
  });
});
