/** `strata import oci`: the snapshots of an image that Strata exported. */
import type { ExitStatus, Front } from '../front.ts';
import { Interruption } from '../interruption.ts';
import { renderImageImport } from '../render/render-image.ts';
import { jsonText } from '../terminal/json-text.ts';
import { withEngine } from './opened-engine.ts';

export interface ImportOciWish {
  readonly source: string;
  readonly inputs: 'leave' | 'add';
  readonly sandbox: 'strict' | 'as-recorded';
  readonly format: 'text' | 'json';
}

export async function importOci(
  front: Front,
  { format, ...wish }: ImportOciWish,
): Promise<ExitStatus> {
  const { out, err, style, errStyle, strata } = front;
  const { signal } = Interruption.listen();
  const imported = await withEngine((engine) =>
    engine.importImage({
      ...wish,
      signal,
      onStep: ({ phase, number, count }) =>
        err.line(errStyle.dim(`snapshot ${number} of ${count}: ${phase} …`)),
    }),
  );
  if (format === 'json') out.line(jsonText(imported));
  else out.lines(renderImageImport(imported, strata, style));
  return 0;
}
