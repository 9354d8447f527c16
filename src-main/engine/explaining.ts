/** An explanation as a stream: what is done meanwhile, then what was found. */
import type { StreamItem } from '../protocol/methods.ts';
import type { Engine } from './engine.ts';
import type { Explanation } from './explain.ts';
import { Wakeups } from './wakeups.ts';

/** Suspects that are tried out at most. */
const TRIALS = 5;

export async function* explaining(
  engine: Engine,
  run: string,
  signal: AbortSignal,
): AsyncGenerator<StreamItem<'explain'>> {
  const steps: string[] = [];
  const wakeups = new Wakeups();
  const state = { isDone: false };
  const onStep = (text: string): void => {
    steps.push(text);
    wakeups.wake();
  };
  const work = engine.explain(run, { trials: TRIALS, signal, onStep }).finally(() => {
    state.isDone = true;
    wakeups.wake();
  });
  // Its failure is told below; until then nobody waits for it.
  work.catch(() => undefined);
  for (let at = 0; ;) {
    const { count } = wakeups;
    const text = steps[at];
    if (text !== undefined) {
      at += 1;
      yield { kind: 'step', text };
      continue;
    }
    // The attempt that is under way ends with the signal; its working files are cleared away first.
    if (state.isDone || signal.aborted) break;
    await wakeups.since(count, signal);
  }
  yield { kind: 'found', explanation: view(await work) };
}

function view({
  suspects,
  ...explanation
}: Explanation): Extract<StreamItem<'explain'>, { kind: 'found' }>['explanation'] {
  return {
    ...explanation,
    suspects: suspects.map(({ asked, programs, reasons, remedies, ...suspect }) => ({
      ...suspect,
      asked: [...asked],
      programs: [...programs],
      reasons: [...reasons],
      remedies: [...remedies],
    })),
  };
}
