/** Work that tells what it does meanwhile, as a stream: its steps as they come, then what it came to. */
import { Wakeups } from './wakeups.ts';

export type Told<Step, Result> =
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'done'; readonly result: Result };

/**
 * @param begin starts the work, which tells its steps; it ends with the signal by itself
 * @throws what the work throws, after its last step
 */
export async function* toldSteps<Step, Result>(
  begin: (tell: (step: Step) => void) => Promise<Result>,
  signal: AbortSignal,
): AsyncGenerator<Told<Step, Result>> {
  const steps: Step[] = [];
  const wakeups = new Wakeups();
  const state = { isDone: false };
  const tell = (step: Step): void => {
    steps.push(step);
    wakeups.wake();
  };
  const work = begin(tell).finally(() => {
    state.isDone = true;
    wakeups.wake();
  });
  // Its failure is told below; until then nobody waits for it.
  work.catch(() => undefined);
  for (;;) {
    const { count } = wakeups;
    const told = steps.splice(0);
    for (const step of told) yield { kind: 'step', step };
    if (told.length > 0) continue;
    // What is under way ends with the signal; its working files are cleared away first.
    if (state.isDone || signal.aborted) break;
    await wakeups.since(count, signal);
  }
  yield { kind: 'done', result: await work };
}
