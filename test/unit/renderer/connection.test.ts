import { assert, describe, it } from 'vitest';
import type { Channel } from '../../../src-main/protocol/wire.ts';
import { stayConnected } from '../../../src-renderer/connection/connection.ts';
import { useConnection } from '../../../src-renderer/store/connection.ts';

/** An engine that answers every question with an error. */
function refusingChannel(closed: () => void): Channel {
  let answer: (text: string) => void = () => undefined;
  const error = {
    code: 'fault',
    operation: 'saying hello',
    reason: 'no nix here',
    advice: null,
    output: null,
    choices: [],
    positions: [],
  };
  return {
    send: (text) => {
      const { id } = JSON.parse(text) as { id: number };
      queueMicrotask(() => answer(JSON.stringify({ kind: 'error', id, error })));
    },
    onMessage: (listener) => {
      answer = listener;
    },
    onClose: () => undefined,
    close: closed,
  };
}

describe('connecting', () => {
  it('leaves no channel open to an engine that did not say hello', async () => {
    let opened = 0;
    let closed = 0;
    const stop = new AbortController();
    const dial = () => {
      opened += 1;
      if (opened === 3) stop.abort();
      return Promise.resolve(refusingChannel(() => (closed += 1)));
    };
    await stayConnected(dial, stop.signal);
    assert.deepStrictEqual({ opened, closed }, { opened: 3, closed: 3 });
    // The third was cancelled; what the others said is what is shown.
    assert.strictEqual(useConnection.getState().state, 'connecting');
  });
});
