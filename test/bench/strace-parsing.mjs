// Reading a large text of strace, whole command, beside programs that only look for its lines.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { inTurn } from './timed-command.mjs';
import { memoryText, peerFigures, summary } from './samples.mjs';

// Half of what is asked of LD_DEBUG's text: each of strace's lines is a call, and has to be read.
const budgetBytesPerSecond = 75e6;

/** What a build does most: shells and tools that start, look for their files, and end. */
const script = `for n in 1 2 3 4 5 6 7 8 9 10; do
  (cd /usr/lib; ls -d . absent; cat /etc/passwd) | grep -c root
  sh -c 'test -e /absent/include/stdio.h || true'
done`;

export async function straceParsing(workshop) {
  const rounds = workshop.quick ? 3 : 7;
  const text = join(workshop.directory, 'strace.txt');
  const cache = workshop.newCache();
  try {
    const bytes = write(text, workshop.quick ? 50e6 : 300e6);
    const contenders = [
      { name: 'strata', run: () => workshop.strata(cache, ['trace', text]) },
      { name: 'wc', run: () => workshop.time(['wc', '-l', text]) },
      // GNU grep stops at the first line where it sees that it writes to /dev/null.
      {
        name: 'grep',
        run: () => workshop.time(['sh', '-c', 'grep -c ENOENT "$1" | cat', 'sh', text]),
      },
    ];
    const patience = workshop.patience();
    const measured = await inTurn(contenders, rounds, patience);
    const ours = measured.get('strata');
    const figure = summary(ours.ms);
    const speed = bytes / (figure.median / 1000);
    return {
      what: `strace text of ${memoryText(bytes)}, whole command`,
      budget: '75 MB/s',
      figure,
      met: speed >= budgetBytesPerSecond,
      peakBytes: ours.peakBytes,
      peers: [
        peerFigures('wc -l', ours, measured.get('wc')),
        peerFigures('grep -c', ours, measured.get('grep')),
      ],
      notes: [
        ...patience.notes,
        `${Math.round(speed / 1e6)} MB/s: shells and tools that start, recorded with the options that strata trace --help names, many times over`,
      ],
    };
  } finally {
    workshop.remove(cache);
    rmSync(text, { force: true });
  }
}

/** Gives how large it became. */
function write(file, bytes) {
  const args = ['--seccomp-bpf', '-f', '-ttt', '-y', '-o', file];
  const calls = ['-e', 'trace=%file,%process,%network,mmap,fchdir,close'];
  const { error, status } = spawnSync('strace', [...args, ...calls, 'sh', '-c', script]);
  if (error !== undefined || status !== 0) throw new Error('strace is needed for this row');
  const once = readFileSync(file);
  const output = openSync(file, 'a');
  for (let size = once.length; size < bytes; size += once.length) writeSync(output, once);
  closeSync(output);
  return statSync(file).size;
}
