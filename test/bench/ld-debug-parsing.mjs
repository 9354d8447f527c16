// Reading LD_DEBUG text: `strata libs` on a gigabyte of it, and what merely reads the same file.
import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { inTurn } from './timed-command.mjs';
import { peerFigures, summary } from './samples.mjs';
import { processText } from './ld-debug-text.mjs';

const bytesPerMs = 150_000;
const memoryBudget = 400e6;

export async function ldDebugParsing(workshop) {
  const file = join(workshop.directory, 'ld-debug.log');
  const processes = writeText(file, workshop.quick ? 100e6 : 1e9);
  const { size } = statSync(file);
  const cache = workshop.newCache();
  try {
    const contenders = [
      { name: 'strata', run: () => workshop.strata(cache, ['libs', file]) },
      { name: 'wc', run: () => workshop.time(['wc', '-l', file]) },
      // grep looks no further than the first match where its output goes to /dev/null.
      {
        name: 'grep',
        run: () => workshop.time(['grep', '-c', 'trying file=', file], { keep: true }),
      },
    ];
    const patience = workshop.patience();
    const measured = await inTurn(contenders, workshop.quick ? 3 : 5, patience);
    const ours = measured.get('strata');
    const figure = summary(ours.ms);
    const rate = Math.round(size / figure.median / 1000);
    return {
      what: `reading ${Math.round(size / 1e6)} MB of LD_DEBUG text, whole command`,
      budget: '150 MB/s, 400 MB',
      figure,
      met: size / figure.median >= bytesPerMs && (ours.peakBytes ?? 0) <= memoryBudget,
      peakBytes: ours.peakBytes,
      peers: [
        peerFigures('wc -l', ours, measured.get('wc')),
        peerFigures('grep -c', ours, measured.get('grep')),
      ],
      notes: [
        ...patience.notes,
        `${rate} MB/s; ${processes} processes, a half with LD_DEBUG=libs and a half with more categories, in the words of glibc 2.36 and 2.43`,
      ],
    };
  } finally {
    rmSync(file, { force: true });
    workshop.remove(cache);
  }
}

/** Gives how many processes it tells of. */
function writeText(file, size) {
  const to = openSync(file, 'w');
  let written = 0;
  let pid = 0;
  try {
    while (written < size) {
      const texts = [];
      for (let count = 0; count < 200; count += 1) texts.push(processText((pid += 1)));
      written += writeSync(to, texts.join(''));
    }
  } finally {
    closeSync(to);
  }
  return pid;
}
