// Reading a build by Nix: `strata nix-log` on a million lines of it, and what merely reads the same file.
import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { inTurn } from './timed-command.mjs';
import { peerFigures, summary } from './samples.mjs';

const budgetMs = 3000;
const memoryBudget = 300e6;
const derivations = 20;

export async function nixLog(workshop) {
  const file = join(workshop.directory, 'nix-build.log');
  const lines = workshop.quick ? 100_000 : 1_000_000;
  writeLog(file, lines);
  const { size } = statSync(file);
  const cache = workshop.newCache();
  try {
    const contenders = [
      { name: 'strata', run: () => workshop.strata(cache, ['nix-log', file]) },
      { name: 'wc', run: () => workshop.time(['wc', '-l', file]) },
      // grep looks no further than the first match where its output goes to /dev/null.
      {
        name: 'grep',
        run: () => workshop.time(['grep', '-c', '"type":101', file], { keep: true }),
      },
    ];
    const patience = workshop.patience();
    const measured = await inTurn(contenders, workshop.quick ? 3 : 5, patience);
    const ours = measured.get('strata');
    const figure = summary(ours.ms);
    return {
      what: `Nix log of ${lines.toLocaleString('en')} lines (${Math.round(size / 1e6)} MB), whole command`,
      budget: '3 s, 300 MB',
      figure,
      met: figure.median <= budgetMs && (ours.peakBytes ?? 0) <= memoryBudget,
      peakBytes: ours.peakBytes,
      peers: [
        peerFigures('wc -l', ours, measured.get('wc')),
        peerFigures('grep -c', ours, measured.get('grep')),
      ],
      notes: [
        ...patience.notes,
        `${Math.round(size / figure.median / 1000)} MB/s; ${derivations} builders that print in turn, with phases`,
      ],
    };
  } finally {
    rmSync(file, { force: true });
    workshop.remove(cache);
  }
}

/** As Nix 2.8 writes it, ids beyond 2^32 included. */
function writeLog(file, lines) {
  const to = openSync(file, 'w');
  const id = (number) => 52475910422533 + number;
  try {
    const texts = [];
    const say = (event) => texts.push(`@nix ${JSON.stringify(event)}\n`);
    for (let number = 0; number < derivations; number += 1) {
      const path = `/nix/store/${String(number).padStart(32, '0')}-package-${number}.drv`;
      say({
        action: 'start',
        fields: [path, '', 1, 1],
        id: id(number),
        level: 3,
        text: '',
        type: 105,
      });
      say({ action: 'result', fields: ['buildPhase'], id: id(number), type: 104 });
    }
    for (let line = 0; line < lines; line += 1) {
      const text = `cc -c -o file${line}.o`;
      say({ action: 'result', fields: [text], id: id(line % derivations), type: 101 });
      if (texts.length < 10_000) continue;
      writeSync(to, texts.join(''));
      texts.length = 0;
    }
    for (let number = 0; number < derivations; number += 1) say({ action: 'stop', id: id(number) });
    writeSync(to, texts.join(''));
  } finally {
    closeSync(to);
  }
}
