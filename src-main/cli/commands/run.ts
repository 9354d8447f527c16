/** `strata run`: builds phase by phase, and tells of it while it goes. */
import { performance } from 'node:perf_hooks';
import type { Engine } from '../../engine/engine.ts';
import type { BuildWish, RunHooks, RunResult, Tracing } from '../../engine/types.ts';
import type { ExitStatus, Front } from '../front.ts';
import { askAtBreakpoint } from '../breakpoint.ts';
import { askAtFailure } from '../holding.ts';
import { IgnoredReport } from '../ignored-report.ts';
import { Interruption } from '../interruption.ts';
import { Question } from '../question.ts';
import { renderComplaint, renderFailure } from '../render/render-failure.ts';
import { renderResult } from '../render/render-result.ts';
import { renderTraced } from '../render/render-traced.ts';
import { runEventJson } from '../render/run-event-json.ts';
import { RunReport } from '../run-report.ts';
import { jsonText } from '../terminal/json-text.ts';
import { withEngine } from './opened-engine.ts';

export interface RunOptions {
  readonly format: 'text' | 'json';
  /** Whether the build's log is left out. */
  readonly log: 'shown' | 'hidden';
  readonly onFailure: 'end' | 'hold';
  /** What a held phase is entered with. */
  readonly enterBy: 'nsenter' | 'cntr';
  /** The phases to pause before, and those to pause after. */
  readonly breakBefore: readonly string[];
  readonly breakAfter: readonly string[];
  readonly tracing: Tracing | undefined;
}

export async function run(front: Front, wish: BuildWish, options: RunOptions): Promise<ExitStatus> {
  const interruption = Interruption.listen();
  // Whoever read the events has gone: nobody waits for this build.
  process.stdout.once('error', interruption.stop);
  const report = options.format === 'json' ? null : new RunReport(front, options.log);
  const question = new Question(front, interruption, () => report?.pause());
  const ignored = new IgnoredReport();
  const { breakBefore: before, breakAfter: after, tracing } = options;
  report?.begin(wish);
  try {
    return await withEngine(async (engine) => {
      const hooks: RunHooks = {
        emit: (event) => {
          if (report === null) front.out.line(jsonText(runEventJson(event)));
          else report.take(event);
        },
        signal: interruption.signal,
        onRealisation: (progress) => {
          ignored.take(progress);
          report?.takeRealisation(progress);
        },
        ...(tracing === undefined ? {} : { tracing }),
        onTracer: (tracer) =>
          front.err.line(
            `${front.errStyle.yellow('strata:')} strace is not there: system calls are traced with ${tracer}`,
          ),
        ...(options.onFailure === 'hold'
          ? {
              onHeld: async (held) => askAtFailure(question, held, front),
              enterBy: options.enterBy,
            }
          : {}),
        ...(before.length + after.length === 0
          ? {}
          : {
              breakpoints: {
                before,
                after,
                onPaused: async (pause) => askAtBreakpoint(question, pause, front, options.format),
              },
            }),
      };
      let result: RunResult;
      try {
        result = await engine.run(wish, hooks);
      } finally {
        report?.end();
        await ignored.tell(engine, front, wish.evaluation.options ?? []);
      }
      return await conclude(front, engine, result, wish, options);
    });
  } finally {
    report?.end();
    question.close();
  }
}

async function conclude(
  front: Front,
  engine: Engine,
  result: RunResult,
  wish: BuildWish,
  { format }: RunOptions,
): Promise<ExitStatus> {
  const { out, err, style, errStyle, strata } = front;
  const { run: record, failed, complaint, endedAt, handMade } = result;
  const { phases } = record;
  const reached = phases.findLast(({ snapshot }) => snapshot !== null)?.name ?? null;
  if (format === 'text') {
    out.line('');
    out.lines(renderTraced(await engine.tracedPhases(record), record.id, strata, style));
  }
  out.flush();
  if (failed !== null) {
    err.lines(renderFailure(failed, record.id, strata, errStyle));
    return 1;
  }
  if (complaint !== null) {
    err.lines(renderComplaint(complaint, record.id, reached, strata, errStyle));
    return 1;
  }
  if (format === 'json') return 0;
  out.lines(
    renderResult(
      {
        run: record,
        // Since the process began: what the person has waited for.
        ms: performance.now(),
        savedMs: await savedTime(engine, record),
        lastPhase: reached,
        lastChange: await lastChange(engine, record),
        handMade,
        isPartial: endedAt !== null || (wish.until !== null && wish.until !== phases.at(-1)?.name),
      },
      strata,
      style,
    ),
  );
  return 0;
}

/** What the reused phases took when they ran, in milliseconds. */
async function savedTime(engine: Engine, { phases }: RunResult['run']): Promise<number> {
  const reused = phases.filter(({ status }) => status === 'reused');
  const records = await Promise.all(
    reused.map(async ({ snapshot }) => (snapshot === null ? null : engine.store.record(snapshot))),
  );
  return records.reduce((sum, record) => sum + (record?.ms ?? 0), 0);
}

/** The last phase that changed files: of those that ran now, or else of those reused; null where none did. */
async function lastChange(engine: Engine, { phases }: RunResult['run']): Promise<string | null> {
  for (const wanted of ['succeeded', 'reused']) {
    for (const { name, status, snapshot } of phases.toReversed()) {
      if (status !== wanted || snapshot === null) continue;
      const { changes } = await engine.diff(snapshot, null);
      // Every phase of nixpkgs leaves its variables there (`dumpVars`).
      if (changes.some(({ path }) => path !== '/build/env-vars')) return name;
    }
  }
  return null;
}
