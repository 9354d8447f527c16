/** A plan: every phase with what would happen to it and why. Made without running anything. */
import { decide, type PlanSetting, type Position } from './decide.ts';

export interface PlannedPhase {
  readonly name: string;
  readonly action: 'run' | 'reuse' | 'skip';
  readonly why: string;
  /** Milliseconds that reusing saves: what the phase took when it ran; 0 where it is not reused. */
  readonly savedMs: number;
}

/**
 * Plans all phases from a position. After the first phase that runs nothing is known for certain: the phases after it are
 * planned to run, and may turn out to be reusable if its result is the same as before. A forced reuse looks at no files, and
 * so is certain everywhere.
 *
 * @param until the last phase to run; null for all
 */
export async function planPhases(
  setting: PlanSetting,
  start: Position,
  first: number,
  until: string | null,
): Promise<readonly PlannedPhase[]> {
  const planned: PlannedPhase[] = [];
  let position = start;
  let ran: string | null = null;
  let ended: string | null = null;
  const last = until === null ? setting.phases.length - 1 : setting.phases.indexOf(until);
  for (const [index, name] of setting.phases.entries()) {
    const skip = (why: string): PlannedPhase => ({ name, action: 'skip', why, savedMs: 0 });
    if (index < first) planned.push(skip('before the snapshot it resumes from'));
    else if (index > last) planned.push(skip(`comes after --until ${until ?? ''}`));
    else if (ended !== null) planned.push(skip(`${ended} ends the build`));
    else {
      const decision = await decide(setting, position, index);
      const isCertain = ran === null || decision.action === 'skip' || setting.reuse === 'force';
      if (!isCertain || (decision.action === 'run' && ran !== null)) {
        const why = setting.from === name ? decision.why : `comes after ${ran ?? ''}, which runs`;
        planned.push({ name, action: 'run', why, savedMs: 0 });
        ran = name;
        continue;
      }
      const { action, why } = decision;
      const savedMs = decision.action === 'reuse' ? decision.record.ms : 0;
      planned.push({ name, action, why, savedMs });
      if (decision.action === 'reuse') {
        position = decision.next;
        if (decision.record.endedBuild) ended = name;
      }
      if (action === 'run') ran = name;
    }
  }
  return planned;
}
