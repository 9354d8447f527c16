/** The programs of a trace that said nothing, each with why. */
import { silenceText } from '../../engine/run-silences.ts';
import type { Silences } from '../../engine/types.ts';
import type { Style } from '../terminal/style.ts';
import { clean, count } from './render-libraries.ts';

/** A line a program; where it is not known, what to do to know it. */
export function* renderSilences(
  { programs, untold }: Silences,
  strata: string,
  style: Style,
): Generator<string> {
  if (programs.length > 0) yield '';
  for (const { program, processes, phase, why } of programs) {
    const where = `${count(processes, 'process', 'processes')} in ${phase}`;
    yield `${style.dim('silent:')} ${clean(program)}, ${where}: ${clean(silenceText(why))}`;
  }
  if (untold.length > 0) {
    yield style.dim(
      `programs that said nothing are named where system calls are traced too: ${strata} run --trace ld --trace syscalls --from ${untold[0]}`,
    );
  }
}
