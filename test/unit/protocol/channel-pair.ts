// Two ends of a channel in memory. Messages arrive in order, never at once, and as text.
import type { Channel } from '../../../src-main/protocol/wire.ts';

interface End extends Channel {
  /** What this end was sent. */
  readonly received: string[];
}

export function channelPair(): readonly [End, End] {
  let open = true;
  const closers: (() => void)[] = [];
  const close = (): void => {
    if (!open) return;
    open = false;
    for (const listener of closers) queueMicrotask(listener);
  };
  const listeners: [(text: string) => void, (text: string) => void] = [
    () => undefined,
    () => undefined,
  ];
  const received: [string[], string[]] = [[], []];
  const end = (mine: 0 | 1, theirs: 0 | 1): End => ({
    received: received[mine],
    send: (text) => {
      if (!open) return;
      setImmediate(() => {
        received[theirs].push(text);
        if (open) listeners[theirs](text);
      });
    },
    onMessage: (listener) => {
      listeners[mine] = listener;
    },
    onClose: (listener) => {
      closers.push(listener);
    },
    close,
  });
  return [end(0, 1), end(1, 0)];
}
