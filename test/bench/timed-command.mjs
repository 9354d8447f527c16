// Running a command from its start to its end: how long it took, and the memory of its largest process.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Whether there is GNU time, which tells the memory. */
const withTime = spawnSync('time', ['--version']).status === 0;

/**
 * Gives `{ ms, peakBytes, lines }`: `peakBytes` is null without GNU time; `lines` are `{ at, text }`, what it printed and
 * when (milliseconds after the start), where `keep` is set: otherwise standard output goes to /dev/null.
 *
 * Throws where the command fails, with the end of its standard error. `signal` ends it.
 */
export async function timedCommand(argv, { directory, keep = false, signal, ...options }) {
  const memoryFile = join(directory, 'peak-memory');
  const [program, ...args] = withTime
    ? ['time', '--quiet', '-o', memoryFile, '-f', '%M', ...argv]
    : argv;
  const started = performance.now();
  const child = spawn(program, args, {
    ...options,
    stdio: ['ignore', keep ? 'pipe' : 'ignore', 'pipe'],
    // Its group is ended as a whole: the commands we measure have children.
    detached: true,
  });
  const stop = () => endGroup(child.pid);
  signal?.addEventListener('abort', stop, { once: true });
  const lines = [];
  let rest = '';
  let errors = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    const pieces = (rest + text).split('\n');
    rest = pieces.pop();
    for (const piece of pieces) lines.push({ at: performance.now() - started, text: piece });
  });
  child.stderr.setEncoding('utf8').on('data', (text) => (errors = (errors + text).slice(-10_000)));
  try {
    const { code, ms } = await new Promise((resolve, reject) => {
      let ended = 0;
      child.once('error', reject);
      child.once('exit', () => (ended = performance.now() - started));
      child.once('close', (status) => resolve({ code: status, ms: ended }));
    });
    if (signal?.aborted) throw new Error('interrupted');
    if (code !== 0) throw new Error(`${argv.join(' ')}\nended with ${code}:\n${errors.trim()}`);
    return {
      ms,
      peakBytes: withTime ? Number(readFileSync(memoryFile, 'utf8')) * 1024 : null,
      lines,
    };
  } finally {
    signal?.removeEventListener('abort', stop);
    rmSync(memoryFile, { force: true });
  }
}

function endGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/**
 * Runs contenders in turn, A B C A B C …, so that what else the machine does reaches all of them. Each is
 * `{ name, run: async (round) => { ms, peakBytes } }`; `patience` is waited with before each round. Gives for each name
 * `{ ms: [], peakBytes }`.
 */
export async function inTurn(contenders, rounds, patience) {
  const measured = new Map(contenders.map(({ name }) => [name, { ms: [], peakBytes: null }]));
  for (let round = 0; round < rounds; round += 1) {
    await patience.forQuiet();
    for (const { name, run } of contenders) {
      const { ms, peakBytes } = await run(round);
      const own = measured.get(name);
      own.ms.push(ms);
      own.peakBytes = peakBytes === null ? null : Math.max(own.peakBytes ?? 0, peakBytes);
    }
  }
  return measured;
}
