/** `strata confirm`: a build by Nix from scratch, compared with what the layers gave. */
import type { ExitStatus, Front } from '../front.ts';
import { Interruption } from '../interruption.ts';
import { NixBuildReport } from '../nix-build-report.ts';
import { renderConfirmation } from '../render/render-confirmation.ts';
import { renderNixFailure } from '../render/render-nix-build.ts';
import { jsonText } from '../terminal/json-text.ts';
import { withEngine } from './opened-engine.ts';

export interface ConfirmWish {
  /** `last`, or a run's id. */
  readonly run: string;
  readonly format: 'text' | 'json';
  readonly lists: 'short' | 'whole';
}

/** Ends with 1 where the outputs differ: the result is not what Nix builds. */
export async function confirm(front: Front, wish: ConfirmWish): Promise<ExitStatus> {
  const { out, err, style, errStyle, strata } = front;
  const { signal } = Interruption.listen();
  // Standard output is for the answer; a build of hours is told of beside it.
  const report = new NixBuildReport({ ...front, out: err, style: errStyle }, 'hidden');
  report.begin(`confirming ${wish.run}`);
  try {
    const confirmation = await withEngine((engine) =>
      engine.confirm(wish.run, {
        signal,
        sink: report.takeLine,
        onChange: report.take,
        onStep: (text) => err.line(errStyle.dim(`${text} …`)),
      }),
    );
    report.end();
    if (wish.format === 'json') out.line(jsonText(confirmation));
    else if (confirmation.kind === 'compared') {
      out.lines(renderConfirmation(confirmation, wish.lists, strata, style));
    }
    if (confirmation.kind === 'compared') return confirmation.outcome === 'identical' ? 0 : 1;
    const reports = confirmation.failed.map((build) => ({
      build,
      tail: report.tail(build.derivation),
      neededBy: [],
      plain: build.derivation,
      relaxed: null,
    }));
    err.lines(renderNixFailure(reports, strata, errStyle));
    return 1;
  } finally {
    report.end();
  }
}
