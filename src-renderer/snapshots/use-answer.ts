/** Something asked of the engine for what is on screen: asked again when that changes, given up when it goes. */
import { useEffect, useState } from 'react';
import type { WireError } from '../../src-main/protocol/wire.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';

export type Answer<Value> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'there'; readonly value: Value }
  | { readonly kind: 'failed'; readonly error: WireError };

const WAITING = { kind: 'waiting' } as const;

/**
 * @param key what is asked for; null for nothing. `ask` is called when it changes and need not be the same function
 */
export function useAnswer<Value>(
  key: string | null,
  ask: (signal: AbortSignal) => Promise<Value>,
): Answer<Value> {
  const [answer, setAnswer] = useState<{ readonly key: string; readonly answer: Answer<Value> }>();
  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    ask(abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) setAnswer({ key, answer: { kind: 'there', value } });
      },
      (error: unknown) => {
        if (abort.signal.aborted || isCancelled(error)) return;
        setAnswer({ key, answer: { kind: 'failed', error: errorParts(error) } });
      },
    );
    return () => abort.abort();
  }, [key]);
  return answer?.key === key ? answer.answer : WAITING;
}
