// A shell script under the real strace, as the help of `strata trace` recommends it: what is read is what the script did.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  syscallFindings,
  type SyscallFindings,
} from '../../../src-main/engine/syscall-findings.ts';
import { readSyscallTrace } from '../../../src-main/engine/syscall-trace.ts';
import type { SyscallTrace } from '../../../src-main/trace/syscalls/model.ts';
import { titled } from '../snapshots/mounted.ts';

const OPTIONS = [
  ...['--seccomp-bpf', '-f', '--decode-pids=pidns', '-ttt', '-y'],
  ...['-e', 'trace=%file,%process,%network,mmap,fchdir,close'],
];

const refusal = straceRefusal();

/** Why nothing can be traced here; null where it can. */
function straceRefusal(): string | null {
  const { error, status, stderr } = spawnSync('strace', [...OPTIONS, '-o', '/dev/null', 'true'], {
    encoding: 'utf8',
  });
  if (error !== undefined) return 'strace is not on PATH';
  return status === 0 ? null : `strace: ${stderr.trim().split('\n')[0] ?? 'failed'}`;
}

describe.skipIf(refusal !== null)(titled('a script under strace', refusal), () => {
  let directory: string;
  let trace: SyscallTrace;
  let findings: SyscallFindings;
  let port: number;

  beforeAll(async () => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'strata-trace-')));
    port = await closedPort();
    mkdirSync(join(directory, 'work', 'deep'), { recursive: true });
    writeFileSync(join(directory, 'work', 'there'), 'there\n');
    const script = `
      cat there absent
      (cd deep; cat ../there ./none)
      cat "$(printf 'caf\\351')"
      bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}'
      sh -c 'kill -9 $$' &
      sh -c 'exit 5' &
      wait
      mkdir made; touch made/later; cat made/later
      exit 7
    `;
    const text = join(directory, 'trace.txt');
    const { status } = spawnSync('strace', [...OPTIONS, '-o', text, 'bash', '-c', script], {
      cwd: join(directory, 'work'),
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    });
    expect(status).toBe(7);
    trace = await readSyscallTrace([text]);
    findings = syscallFindings(trace);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('every line is understood', () => {
    expect(trace.notUnderstood).toEqual({ lines: 0, samples: [] });
  });

  test('one tree, whose processes have ended as they did', () => {
    const [shell, ...others] = trace.processes;
    expect({ ...shell, accesses: [] }).toMatchObject({
      parent: null,
      program: expect.stringMatching(/\/bash$/) as string,
      end: { kind: 'exited', status: 7 },
    });
    expect(others.every(({ parent }) => parent !== null)).toBe(true);
    const ends = others.map(({ end }) =>
      end.kind === 'exited' ? String(end.status) : end.kind === 'killed' ? end.signal : end.kind,
    );
    expect(ends).toEqual(expect.arrayContaining(['0', '1', '5', 'SIGKILL']));
    expect(ends).not.toContain('unknown');
    const start = shell?.startedAt ?? 0;
    expect(Math.abs(Date.now() - start)).toBeLessThan(600_000);
  });

  test('files that were missing, relative ones by their whole path', () => {
    const work = join(directory, 'work');
    const missing = findings.missing.map(({ path }) => path);
    expect(missing).toEqual(
      expect.arrayContaining(['absent', 'deep/none', 'caf\udce9'].map((name) => `${work}/${name}`)),
    );
    // It was not there at first.
    expect(missing).not.toContain(`${work}/made/later`);
    const absent = findings.missing.find(({ path }) => path === `${work}/absent`);
    expect(absent?.programs).toEqual([expect.stringMatching(/\/cat$/)]);
  });

  test('files that were read', () => {
    const opened = trace.accesses.filter(
      ({ kind, result }) => kind === 'opened' && result === 'ok',
    );
    const paths = opened.map((access) => (access.kind === 'connected' ? '' : access.path));
    expect(paths).toContain(join(directory, 'work', 'there'));
    expect(
      findings.outside.some(
        ({ path, kinds }) => path.includes('libc.so') && kinds.includes('mapped'),
      ),
    ).toBe(true);
  });

  test('the connection that nobody took', () => {
    expect(
      findings.connections
        .filter(({ address }) => address.family === 'inet')
        .map(({ text, results }) => [text, results]),
    ).toEqual([[`127.0.0.1:${port}`, ['ECONNREFUSED']]]);
  });
});

test('what is no trace is said so, and a capture without sysdig says how to get it', async () => {
  const place = mkdtempSync(join(tmpdir(), 'strata-trace-'));
  const path = process.env['PATH'];
  try {
    const prose = join(place, 'prose');
    writeFileSync(prose, 'no trace\n');
    await expect(readSyscallTrace([prose])).rejects.toMatchObject({ code: 'format' });
    await expect(readSyscallTrace([join(place, 'nothing')])).rejects.toMatchObject({
      code: 'environment',
      reason: 'there is no such file',
    });
    const capture = join(place, 'capture.scap');
    writeFileSync(
      capture,
      Buffer.from(
        `0a0d0d0a1c0000004d3c2b1a01000200ffffffffffffffff1c00000001020000${'00'.repeat(64)}`,
        'hex',
      ),
    );
    process.env['PATH'] = place;
    await expect(readSyscallTrace([capture])).rejects.toMatchObject({
      code: 'environment',
      advice: expect.stringContaining('apt-get install sysdig') as string,
    });
    // One that prints what sysdig -j does.
    writeFileSync(
      join(place, 'sysdig'),
      `#!/bin/sh\necho '{"evt.dir":"<","evt.info":"fd=-2(ENOENT) name=/gone","evt.type":"open","thread.tid":7}'\n`,
      { mode: 0o755 },
    );
    const { accesses } = await readSyscallTrace([capture]);
    expect(accesses).toMatchObject([{ kind: 'opened', path: '/gone', result: 'ENOENT' }]);
  } finally {
    process.env['PATH'] = path;
    rmSync(place, { recursive: true, force: true });
  }
});

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 1;
}
