/** `strata run --json`: one object a line, with exactly these fields in this order. */
import type { Plan } from '../../engine/types.ts';
import { assertNever } from '../../protocol/errors.ts';
import type { RunEvent } from '../../protocol/run-events.ts';

/** The event as it is printed: what the protocol adds for other fronts is left out. */
export function runEventJson(event: RunEvent): object {
  switch (event.event) {
    case 'planned':
      return plannedJson(event.run, event);
    case 'phase-started':
      return { event: event.event, phase: event.phase };
    case 'log':
      return { event: event.event, phase: event.phase, line: event.line };
    case 'phase-finished': {
      const { phase, status, snapshot, ms, exitCode } = event;
      return { event: event.event, phase, status, snapshot, ms, exitCode };
    }
    case 'paused': {
      const { phase, where, snapshot } = event;
      return { event: event.event, phase, where, snapshot };
    }
    case 'finished': {
      const { status, ms, snapshot } = event;
      return { event: event.event, status, ms, snapshot };
    }
    default:
      return assertNever(event);
  }
}

/** A plan as `strata plan --json` prints it: the same object, of no run. */
export function plannedJson(run: string | null, plan: Plan): object {
  const { derivation, outputs, phases } = plan;
  return {
    event: 'planned',
    run,
    derivation,
    outputs,
    phases: phases.map(({ name, action, why }) => ({ name, action, why })),
  };
}
