// Reading LD_DEBUG text: `strata libs` on a gigabyte of it, and what merely reads the same file.
import { closeSync, openSync, writeSync } from 'node:fs';
import { processText } from './ld-debug-text.mjs';
import { readingRow } from './reading-row.mjs';

const bytesPerMs = 150_000;
const memoryBudget = 400e6;

export async function ldDebugParsing(workshop) {
  return readingRow(workshop, {
    name: 'ld-debug.log',
    write: (file) => writeText(file, workshop.quick ? 100e6 : 1e9),
    words: (file) => ['libs', file],
    pattern: 'trying file=',
    rounds: 5,
    budget: '150 MB/s, 400 MB',
    tell: ({ bytes, figure, peakBytes, written }) => ({
      what: `reading ${Math.round(bytes / 1e6)} MB of LD_DEBUG text, whole command`,
      met: bytes / figure.median >= bytesPerMs && (peakBytes ?? 0) <= memoryBudget,
      note: `${written} processes, a half with LD_DEBUG=libs and a half with more categories, in the words of glibc 2.36 and 2.43`,
    }),
  });
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
