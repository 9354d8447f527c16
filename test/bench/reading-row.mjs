// A row about reading a large text: the whole command, beside `wc` and `grep`, which merely read the same file.
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { peerFigures, summary } from './samples.mjs';
import { inTurn } from './timed-command.mjs';

/**
 * `write(file)` makes the text; `words(file)` are those of the command after `strata`; `pattern` is what grep counts. `tell`
 * takes `{ bytes, figure, peakBytes, written }`, the last of which is what `write` gave, and gives `{ what, met, note }`.
 */
export async function readingRow(workshop, { name, write, words, pattern, rounds, budget, tell }) {
  const file = join(workshop.directory, name);
  const cache = workshop.newCache();
  try {
    const written = write(file);
    const { size: bytes } = statSync(file);
    const contenders = [
      { name: 'strata', run: () => workshop.strata(cache, words(file)) },
      { name: 'wc', run: () => workshop.time(['wc', '-l', file]) },
      // grep looks no further than the first match where its output goes to /dev/null.
      { name: 'grep', run: () => workshop.time(['grep', '-c', pattern, file], { keep: true }) },
    ];
    const patience = workshop.patience();
    const measured = await inTurn(contenders, workshop.quick ? 3 : rounds, patience);
    const ours = measured.get('strata');
    const { peakBytes } = ours;
    const figure = summary(ours.ms);
    const { what, met, note } = tell({ bytes, figure, peakBytes, written });
    return {
      what,
      budget,
      figure,
      met,
      peakBytes,
      peers: [
        peerFigures('wc -l', ours, measured.get('wc')),
        peerFigures('grep -c', ours, measured.get('grep')),
      ],
      notes: [...patience.notes, `${Math.round(bytes / figure.median / 1000)} MB/s; ${note}`],
    };
  } finally {
    rmSync(file, { force: true });
    workshop.remove(cache);
  }
}
