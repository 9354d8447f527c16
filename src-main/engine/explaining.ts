/** An explanation as a stream: what is done meanwhile, then what was found. */
import type { StreamItem } from '../protocol/methods.ts';
import type { Engine } from './engine.ts';
import type { Explanation } from './explain.ts';
import { toldSteps } from './told-steps.ts';

/** Suspects that are tried out at most. */
const TRIALS = 5;

export async function* explaining(
  engine: Engine,
  run: string,
  signal: AbortSignal,
): AsyncGenerator<StreamItem<'explain'>> {
  const work = toldSteps<string, Explanation>(
    async (onStep) => engine.explain(run, { trials: TRIALS, signal, onStep }),
    signal,
  );
  for await (const told of work) {
    if (told.kind === 'step') yield { kind: 'step', text: told.step };
    else yield { kind: 'found', explanation: view(told.result) };
  }
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
