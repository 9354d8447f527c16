/** `strata nix-build`: a build by Nix itself, told of while it goes; the person is asked where it waits at a failure. */
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { inputsAmong } from '../../engine/nix-build.ts';
import type {
  NixBuildHooks,
  NixBuildResult,
  NixBuildWish,
  PausedAnswer,
  PausedBuild,
  PermittedOption,
} from '../../engine/types.ts';
import type { ExitStatus, Front } from '../front.ts';
import { IgnoredReport, tellRefused } from '../ignored-report.ts';
import { Interruption, aborted } from '../interruption.ts';
import { NixBuildEvents } from '../nix-build-events.ts';
import { NixBuildReport } from '../nix-build-report.ts';
import { Question } from '../question.ts';
import { renderError } from '../render/render-error.ts';
import { renderBuilt, renderNixFailure } from '../render/render-nix-build.ts';
import {
  readAtPausedBuild,
  renderChoice,
  renderPausedBuild,
} from '../render/render-paused-build.ts';
import { symbol } from '../render/symbols.ts';
import { withEngine } from './opened-engine.ts';

export interface NixBuildView {
  readonly format: 'text' | 'json';
  /** Whether what builders print is left out. */
  readonly log: 'shown' | 'hidden';
}

type Build = (
  hooks: Omit<NixBuildHooks, 'signal' | 'onPaused'>,
  /** What is done with a pause before the person is asked. */
  beforePause: (paused: PausedBuild) => void,
) => Promise<NixBuildResult>;

export async function nixBuild(
  front: Front,
  wish: NixBuildWish,
  view: NixBuildView,
): Promise<ExitStatus> {
  const { err, errStyle, strata } = front;
  const interruption = Interruption.listen();
  const { signal } = interruption;
  const question = new Question(front, interruption, () => front.out.flush());
  try {
    return await withEngine(async (engine) => {
      const settings = wish.evaluation.options ?? [];
      const refused = await tellRefused(engine, front, settings, signal);
      const ignored = new IgnoredReport();
      const build: Build = async (hooks, beforePause) => {
        try {
          const result = await engine.nixBuild(wish, {
            ...hooks,
            onPaused: async (paused, over, problem) => {
              beforePause(paused);
              if (problem !== null) err.lines(renderError(problem, strata, errStyle));
              return askAtPausedBuild(front, question, paused, over);
            },
            signal,
          });
          ignored.take(result);
          return result;
        } finally {
          await question.returned();
        }
      };
      const status = await (view.format === 'json'
        ? printed(front, view, build)
        : told(front, wish, view, build, async () => relaxingOf(await engine.nixOptions(signal))));
      await ignored.tell(engine, front, settings, refused);
      return status;
    });
  } finally {
    question.close();
  }
}

async function printed(front: Front, { log }: NixBuildView, build: Build): Promise<ExitStatus> {
  const events = new NixBuildEvents(front.out, log);
  const { status } = await events.follow(async (hooks) =>
    build(hooks, (paused) => events.takePaused(paused)),
  );
  return status === 'succeeded' ? 0 : 1;
}

async function told(
  front: Front,
  wish: NixBuildWish,
  { log }: NixBuildView,
  build: Build,
  relaxing: () => Promise<string | null>,
): Promise<ExitStatus> {
  const { out, style } = front;
  const { target, attribute } = wish;
  const report = new NixBuildReport(front, log);
  const words = target ?? 'the current directory';
  report.begin(`evaluating ${attribute === null ? words : `${words} -A ${attribute}`}`);
  try {
    const result = await build(
      {
        sink: report.takeLine,
        onChange: report.take,
        onEvaluated: (derivation) => out.line(`${style.dim('build')}  ${derivation}`),
        onNote: (text) => out.line(style.dim(text)),
        onAgain: () => report.restart(),
      },
      () => report.end(),
    );
    report.end();
    return await conclude(front, wish, result, report, await relaxing());
  } finally {
    report.end();
  }
}

async function conclude(
  { out, err, style, errStyle, strata }: Front,
  { onFailure }: NixBuildWish,
  result: NixBuildResult,
  report: NixBuildReport,
  relaxed: string | null,
): Promise<ExitStatus> {
  out.line('');
  if (result.status === 'succeeded') {
    out.lines(renderBuilt(result, performance.now(), style));
    if (onFailure === 'hold') {
      out.line(
        'Nothing failed, so nothing was held. With its breakpoint it is another derivation:',
      );
      out.line('these are not the outputs of the target itself.');
    }
    return 0;
  }
  out.flush();
  if (result.paused?.endedBy === 'person') {
    err.line(`${symbol('failed', errStyle)} the paused build has ended`);
    return 1;
  }
  const { failed, derivations } = result.log;
  const inputs = [...(await inputsAmong(derivations.map(({ derivation }) => derivation)))];
  const reports = failed.map((one) => ({
    build: one,
    tail: report.tail(one.derivation),
    neededBy: inputs.flatMap(([other, needed]) => (needed.includes(one.derivation) ? [other] : [])),
    plain: one.derivation === result.derivation ? result.plain : one.derivation,
    relaxed,
  }));
  err.lines(renderNixFailure(reports, strata, errStyle));
  for (const kept of result.log.keptDirectories) {
    err.line(`\nThe build directory is kept: ${kept}`);
  }
  if (onFailure === 'hold') err.line(`\n${unheld(result)}`);
  return 1;
}

/** What lets this user relax the sandbox for a build; null where nothing is needed. */
function relaxingOf(options: readonly PermittedOption[]): string | null {
  const relaxed = options.find(({ option }) => option === '--option sandbox relaxed');
  return relaxed?.permission === 'refused' ? (relaxed.remedy ?? relaxed.why) : null;
}

/** Why a build that was to be held is over. */
function unheld({ paused, log, derivation }: NixBuildResult): string {
  if (paused === null && log.failed.some((one) => one.derivation === derivation)) {
    return 'It was not held: Nix never ran its builder, or ended it.';
  }
  return paused === null
    ? 'It was not held: the breakpoint is in the target alone, and this failed before it.'
    : 'It was held, and the paused build has ended by itself.';
}

async function askAtPausedBuild(
  { errStyle }: Front,
  question: Question,
  paused: PausedBuild,
  over: AbortSignal,
): Promise<PausedAnswer> {
  const terminal = process.stdin.isTTY ? 'here' : 'elsewhere';
  const { openShell } = paused;
  let says = renderPausedBuild(paused, terminal, errStyle);
  for (;;) {
    const answer = await question.ask(says, readAtPausedBuild, renderChoice(terminal === 'here'));
    if (answer !== 'shell') return answer;
    if (openShell !== null && terminal === 'here') {
      const status = await question.lend(async () => openHere(openShell));
      // The person has been told by it, and nobody is asked about what is gone.
      if (status === BUILD_HAS_ENDED) await aborted(over);
    }
    if (over.aborted) return 'end';
    says = [renderChoice(openShell !== null && terminal === 'here')];
  }
}

/** What resources/breakpoint/open-shell.bash ends with then. */
const BUILD_HAS_ENDED = 3;

/** Runs a program on this terminal to its end, and gives its exit status; null where a signal ended it. */
async function openHere([program = '', ...args]: readonly string[]): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', resolve);
  });
}
