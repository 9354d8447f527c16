// Reading a build by Nix: `strata nix-log` on a million lines of it, and what merely reads the same file.
import { closeSync, openSync, writeSync } from 'node:fs';
import { readingRow } from './reading-row.mjs';

const budgetMs = 3000;
const memoryBudget = 300e6;
const derivations = 20;

export async function nixLog(workshop) {
  const lines = workshop.quick ? 100_000 : 1_000_000;
  return readingRow(workshop, {
    name: 'nix-build.log',
    write: (file) => writeLog(file, lines),
    words: (file) => ['nix-log', file],
    pattern: '"type":101',
    rounds: 5,
    budget: '3 s, 300 MB',
    tell: ({ bytes, figure, peakBytes }) => ({
      what: `Nix log of ${lines.toLocaleString('en')} lines (${Math.round(bytes / 1e6)} MB), whole command`,
      met: figure.median <= budgetMs && (peakBytes ?? 0) <= memoryBudget,
      note: `${derivations} builders that print in turn, with phases`,
    }),
  });
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
