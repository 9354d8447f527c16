/** `strata nix-build`: a build by Nix itself, told of while it goes. */
import { performance } from 'node:perf_hooks';
import { inputsAmong } from '../../engine/nix-build.ts';
import type { NixBuildHooks, NixBuildResult, NixBuildWish } from '../../engine/types.ts';
import type { ExitStatus, Front } from '../front.ts';
import { IgnoredReport, tellRefused } from '../ignored-report.ts';
import { Interruption } from '../interruption.ts';
import { NixBuildEvents } from '../nix-build-events.ts';
import { NixBuildReport } from '../nix-build-report.ts';
import { renderBuilt, renderNixFailure } from '../render/render-nix-build.ts';
import { withEngine } from './opened-engine.ts';

export interface NixBuildView {
  readonly format: 'text' | 'json';
  /** Whether what builders print is left out. */
  readonly log: 'shown' | 'hidden';
}

export async function nixBuild(
  front: Front,
  wish: NixBuildWish,
  view: NixBuildView,
): Promise<ExitStatus> {
  const { signal } = Interruption.listen();
  return withEngine(async (engine) => {
    const settings = wish.evaluation.options ?? [];
    const refused = await tellRefused(engine, front, settings, signal);
    const ignored = new IgnoredReport();
    const build = async (hooks: Omit<NixBuildHooks, 'signal'>): Promise<NixBuildResult> => {
      const result = await engine.nixBuild(wish, { ...hooks, signal });
      ignored.take(result);
      return result;
    };
    const status = await (view.format === 'json'
      ? printed(front, view, build)
      : told(front, wish, view, build));
    await ignored.tell(engine, front, settings, refused);
    return status;
  });
}

type Build = (hooks: Omit<NixBuildHooks, 'signal'>) => Promise<NixBuildResult>;

async function printed(front: Front, { log }: NixBuildView, build: Build): Promise<ExitStatus> {
  const events = new NixBuildEvents(front.out, log);
  const { status } = await events.follow(build);
  return status === 'succeeded' ? 0 : 1;
}

async function told(
  front: Front,
  { target, attribute }: NixBuildWish,
  { log }: NixBuildView,
  build: Build,
): Promise<ExitStatus> {
  const { out, err, style, errStyle, strata } = front;
  const report = new NixBuildReport(front, log);
  const words = target ?? 'the current directory';
  report.begin(`evaluating ${attribute === null ? words : `${words} -A ${attribute}`}`);
  let result: NixBuildResult;
  try {
    result = await build({
      sink: report.takeLine,
      onChange: report.take,
      onEvaluated: (derivation) => out.line(`${style.dim('build')}  ${derivation}`),
    });
  } finally {
    report.end();
  }
  out.line('');
  if (result.status === 'succeeded') {
    out.lines(renderBuilt(result, performance.now(), style));
    return 0;
  }
  out.flush();
  const { failed, derivations } = result.log;
  const inputs = [...(await inputsAmong(derivations.map(({ derivation }) => derivation)))];
  const reports = failed.map((one) => ({
    build: one,
    tail: report.tail(one.derivation),
    neededBy: inputs.flatMap(([other, needed]) => (needed.includes(one.derivation) ? [other] : [])),
  }));
  err.lines(renderNixFailure(reports, strata, errStyle));
  return 1;
}
