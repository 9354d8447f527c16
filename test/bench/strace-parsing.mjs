// Reading a large text of strace, whole command, beside programs that only look for its lines.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { readingRow } from './reading-row.mjs';
import { memoryText } from './samples.mjs';

// Half of what is asked of LD_DEBUG's text: each of strace's lines is a call, and has to be read.
const bytesPerMs = 75_000;

/** What a build does most: shells and tools that start, look for their files, and end. */
const script = `for n in 1 2 3 4 5 6 7 8 9 10; do
  (cd /usr/lib; ls -d . absent; cat /etc/passwd) | grep -c root
  sh -c 'test -e /absent/include/stdio.h || true'
done`;

export async function straceParsing(workshop) {
  return readingRow(workshop, {
    name: 'strace.txt',
    write: (file) => writeText(file, workshop.quick ? 50e6 : 300e6),
    words: (file) => ['trace', file],
    pattern: 'ENOENT',
    rounds: 7,
    budget: '75 MB/s',
    tell: ({ bytes, figure }) => ({
      what: `strace text of ${memoryText(bytes)}, whole command`,
      met: bytes / figure.median >= bytesPerMs,
      note: 'shells and tools that start, recorded with the options that strata trace --help names, many times over',
    }),
  });
}

/** At least so many bytes. */
function writeText(file, bytes) {
  const args = ['--seccomp-bpf', '-f', '-ttt', '-y', '-o', file];
  const calls = ['-e', 'trace=%file,%process,%network,mmap,fchdir,close'];
  const { error, status } = spawnSync('strace', [...args, ...calls, 'sh', '-c', script]);
  if (error !== undefined || status !== 0) throw new Error('strace is needed for this row');
  const once = readFileSync(file);
  const output = openSync(file, 'a');
  for (let size = once.length; size < bytes; size += once.length) writeSync(output, once);
  closeSync(output);
}
