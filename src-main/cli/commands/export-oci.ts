/** `strata export oci`: a snapshot as an image. */
import type { ExitStatus, Front } from '../front.ts';
import { Interruption } from '../interruption.ts';
import { renderImageExport } from '../render/render-image.ts';
import { jsonText } from '../terminal/json-text.ts';
import { withEngine } from './opened-engine.ts';

export interface ExportOciWish {
  readonly destination: string;
  readonly compression: 'gzip' | 'none';
  readonly hostPaths: 'files' | 'all';
  readonly format: 'text' | 'json';
}

export async function exportOci(
  front: Front,
  snapshot: string,
  { format, ...wish }: ExportOciWish,
): Promise<ExitStatus> {
  const { out, err, style, errStyle } = front;
  const { signal } = Interruption.listen();
  const exported = await withEngine((engine) =>
    engine.exportImage(snapshot, {
      ...wish,
      signal,
      onStep: ({ layer, number, count }) =>
        err.line(errStyle.dim(`layer ${number} of ${count}: ${layer} …`)),
    }),
  );
  if (format === 'json') out.line(jsonText(exported));
  else out.lines(renderImageExport(exported, style));
  return 0;
}
