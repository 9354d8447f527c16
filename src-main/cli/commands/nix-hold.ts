/** `strata nix-hold`: a build by Nix itself, held at its failure for the person to enter it, build again, or end it. */
import { spawn } from 'node:child_process';
import type {
  BuildWish,
  NixHoldEnd,
  PausedAnswer,
  PausedBuild,
  WayName,
} from '../../engine/types.ts';
import { assertNever } from '../../protocol/errors.ts';
import type { ExitStatus, Front } from '../front.ts';
import { tellRefused } from '../ignored-report.ts';
import { Interruption } from '../interruption.ts';
import { Question } from '../question.ts';
import {
  readAtPausedBuild,
  renderChoice,
  renderPausedBuild,
} from '../render/render-paused-build.ts';
import { symbol } from '../render/symbols.ts';
import { terminalText } from '../terminal/terminal-text.ts';
import { withEngine } from './opened-engine.ts';

export async function nixHold(
  front: Front,
  wish: Pick<BuildWish, 'target' | 'attribute' | 'evaluation'>,
  enterBy: WayName | null,
): Promise<ExitStatus> {
  const { out, style } = front;
  const interruption = Interruption.listen();
  const question = new Question(front, interruption, () => out.flush());
  try {
    return await withEngine(async (engine) => {
      const settings = wish.evaluation.options ?? [];
      await tellRefused(engine, front, settings, interruption.signal);
      const end = await engine.nixHold(wish, enterBy, {
        signal: interruption.signal,
        onStep: (text) => out.line(style.dim(text)),
        onLine: (line) => out.line(terminalText(line, style.mode === 'colours' ? 'keep' : 'drop')),
        onPaused: async (paused, over) => askAtPausedBuild(front, question, paused, over),
      });
      return conclude(front, end);
    });
  } finally {
    question.close();
  }
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
      await question.lend(async () => openHere(openShell));
    }
    // The person has been told by the shell, and nobody is asked about what is gone.
    if (over.aborted) return 'end';
    says = [renderChoice(openShell !== null && terminal === 'here')];
  }
}

/** Runs a program on this terminal to its end. */
async function openHere([program = '', ...args]: readonly string[]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
}

function conclude({ out, err, style, errStyle }: Front, end: NixHoldEnd): ExitStatus {
  out.flush();
  switch (end.kind) {
    case 'succeeded':
      out.lines([
        '',
        `${symbol('succeeded', style)} built, and nothing was held. With its breakpoint it is another derivation: these are not the target's own outputs.`,
        ...end.outputs.map((path) => `    ${path}`),
      ]);
      return 0;
    case 'failed':
      err.line(
        end.paused === null
          ? `${symbol('failed', errStyle)} the build failed where there is no breakpoint, with exit status ${end.exitCode} of Nix`
          : `${symbol('failed', errStyle)} the paused build has ended by itself`,
      );
      return 1;
    case 'ended':
      err.line(`${symbol('failed', errStyle)} the paused build has ended`);
      return 1;
    default:
      return assertNever(end);
  }
}
