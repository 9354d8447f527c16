// Client and dispatcher against each other, and the dispatcher against whoever sends what no client of ours would.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Client } from '../../../src-main/protocol/client.ts';
import { serve, type Service } from '../../../src-main/protocol/dispatcher.ts';
import { StrataError } from '../../../src-main/protocol/errors.ts';
import { channelPair } from './channel-pair.ts';

/** A service of which a test says only the methods that it asks for. */
function service(parts: {
  readonly calls?: Partial<Service['calls']>;
  readonly streams?: Partial<Service['streams']>;
}): Service {
  return { calls: parts.calls ?? {}, streams: parts.streams ?? {} } as Service;
}

function connect(parts: Parameters<typeof service>[0]) {
  const [front, back] = channelPair();
  serve(back, service(parts));
  return { client: new Client(front), front, back };
}

async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('calls', () => {
  test('an answer comes to its question', async () => {
    const { client } = connect({
      calls: { attributes: ({ file }) => Promise.resolve([file, 'other']) },
    });
    const asked = ['a', 'b', 'c'].map((file) => client.call('attributes', { file }));
    expect(await Promise.all(asked)).toEqual([
      ['a', 'other'],
      ['b', 'other'],
      ['c', 'other'],
    ]);
  });

  test('an error arrives with all that it says', async () => {
    const positions = [{ file: '/a.nix', line: 1, column: 2 }];
    const parts = { code: 'nix', operation: 'o', reason: 'r', advice: 'a', output: 'x' } as const;
    const { client } = connect({
      calls: {
        attributes: () => {
          throw Object.assign(new StrataError(parts), { positions });
        },
      },
    });
    await expect(client.call('attributes', { file: '' })).rejects.toMatchObject({
      ...parts,
      positions,
    });
  });

  test('a fault of ours is told as one', async () => {
    const { client } = connect({
      calls: {
        attributes: () => {
          throw new TypeError('oops');
        },
      },
    });
    await expect(client.call('attributes', { file: '' })).rejects.toMatchObject({
      code: 'fault',
      reason: 'oops',
      output: expect.stringContaining('TypeError') as string,
    });
  });

  test('an answer that is not of the method is an error', async () => {
    const { client } = connect({ calls: { attributes: () => [1] as unknown as string[] } });
    await expect(client.call('attributes', { file: '' })).rejects.toMatchObject({ code: 'format' });
  });

  test('cancelling reaches whoever carries it out, and so does a lost connection', async () => {
    const aborted: string[] = [];
    const { client } = connect({
      calls: {
        attributes: async ({ file }, signal) =>
          new Promise<never>((_, reject) => {
            signal.addEventListener('abort', () => {
              aborted.push(file);
              reject(new Error('aborted'));
            });
          }),
      },
    });
    const controller = new AbortController();
    const first = client.call('attributes', { file: 'first' }, controller.signal);
    const second = client.call('attributes', { file: 'second' });
    const ends = Promise.allSettled([first, second]);
    await turns();
    controller.abort();
    await turns();
    expect(aborted).toEqual(['first']);
    client.close();
    expect(
      (await ends).map((end) => end.status === 'rejected' && (end.reason as { code: string }).code),
    ).toEqual(['cancelled', 'disconnected']);
    await turns();
    expect(aborted).toEqual(['first', 'second']);
    await expect(client.call('jobs', {})).rejects.toMatchObject({ code: 'disconnected' });
  });
});

describe('streams', () => {
  test('items come in their order, then the end', async () => {
    const { client } = connect({
      streams: {
        watchFile: async function* () {
          for (let modifiedAt = 0; modifiedAt < 1000; modifiedAt += 1) {
            yield await Promise.resolve({ modifiedAt });
          }
        },
      },
    });
    const seen: (number | null)[] = [];
    await client.listen('watchFile', { path: '' }, ({ modifiedAt }) => {
      seen.push(modifiedAt);
    });
    expect(seen).toEqual(Array.from({ length: 1000 }, (_, at) => at));
  });

  test('a listener that takes its time makes the engine wait', async () => {
    let made = 0;
    const { client } = connect({
      streams: {
        watchFile: async function* () {
          for (;;) {
            made += 1;
            yield await Promise.resolve({ modifiedAt: made });
          }
        },
      },
    });
    const stop = new AbortController();
    let taken = 0;
    const listening = client.listen(
      'watchFile',
      { path: '' },
      async () => {
        taken += 1;
        if (taken === 1) await new Promise((resolve) => setTimeout(resolve, 50));
        if (taken === 500) stop.abort();
      },
      stop.signal,
    );
    await turns(40);
    expect({ taken, ahead: made <= 70 }).toEqual({ taken: 1, ahead: true });
    await expect(listening).rejects.toMatchObject({ code: 'cancelled' });
    await turns();
    const then = made;
    await turns();
    expect(made).toBe(then);
  });

  test('what the listener throws ends the stream on both sides', async () => {
    let ended = false;
    const { client } = connect({
      streams: {
        watchFile: async function* (_, signal) {
          try {
            while (!signal.aborted) yield await Promise.resolve({ modifiedAt: 1 });
          } finally {
            ended = true;
          }
        },
      },
    });
    const listening = client.listen('watchFile', { path: '' }, () => {
      throw new Error('no');
    });
    await expect(listening).rejects.toThrow('no');
    await turns();
    expect(ended).toBe(true);
  });
});

describe('hostile messages', () => {
  const hostile = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record(
        {
          kind: fc.constantFrom('call', 'listen', 'more', 'cancel', '__proto__'),
          id: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double(), fc.string()),
          method: fc.constantFrom(
            'jobs',
            'attributes',
            'job',
            'watchFile',
            '__proto__',
            'constructor',
            'toString',
          ),
          params: fc.oneof(fc.jsonValue(), fc.constant({ file: 'f', path: 'p', job: 'j' })),
          credit: fc.oneof(fc.integer(), fc.double()),
        },
        { requiredKeys: [] },
      )
      .map((message) => JSON.stringify(message)),
  );

  test('never break the dispatcher, which answers or hangs up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { maxLength: 12 }), async (messages) => {
        const [front, back] = channelPair();
        serve(
          back,
          service({
            calls: { attributes: () => [], jobs: () => [] },
            streams: {
              watchFile: async function* () {
                yield await Promise.resolve({ modifiedAt: 1 });
              },
            },
          }),
        );
        for (const message of messages) front.send(message);
        await turns(6);
        for (const text of front.received) expect(() => JSON.parse(text) as unknown).not.toThrow();
      }),
      { numRuns: 150 },
    );
  });

  test('an unknown method and wrong parameters are answered; a second request of one number is not', async () => {
    const [front, back] = channelPair();
    let closed = false;
    front.onClose(() => (closed = true));
    serve(
      back,
      service({ calls: { attributes: async () => new Promise<never>(() => undefined) } }),
    );
    const send = (message: object): void => front.send(JSON.stringify(message));
    send({ kind: 'call', id: 1, method: '__proto__', params: {} });
    send({ kind: 'call', id: 2, method: 'attributes', params: { file: 7 } });
    send({ kind: 'more', id: 99, credit: 5 });
    send({ kind: 'cancel', id: 99 });
    await turns();
    expect(
      front.received.map((text) => {
        const { kind, id, error } = JSON.parse(text) as {
          kind: string;
          id: number;
          error: { code: string };
        };
        return [kind, id, error.code];
      }),
    ).toEqual([
      ['error', 1, 'usage'],
      ['error', 2, 'usage'],
    ]);
    expect(closed).toBe(false);
    send({ kind: 'call', id: 3, method: 'attributes', params: { file: '' } });
    send({ kind: 'call', id: 3, method: 'attributes', params: { file: '' } });
    await turns();
    expect(closed).toBe(true);
  });
});
