// Phases that are traced: what is kept of them, and that nothing else is different.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkTracer } from '../../../src-main/engine/tracers.ts';
import { syscallFindings } from '../../../src-main/engine/syscall-findings.ts';
import type { Tracing } from '../../../src-main/phases/tracing.ts';
import { StrataError } from '../../../src-main/protocol/errors.ts';
import { nixReason } from '../real-nix.ts';
import { packageOf, stdenvs, type Attributes } from './stdenvs.ts';
import { Workbench, type Ran } from './workbench.ts';

const [stdenv] = stdenvs;
const suite = nixReason === null ? '' : ` (skipped: ${nixReason})`;

describe.skipIf(nixReason !== null)(`a traced run${suite}`, () => {
  let bench: Workbench;
  beforeAll(() => {
    bench = Workbench.open();
  });
  afterAll(() => bench.close());

  const two: Attributes = {
    phases: '[ "onePhase" "twoPhase" ]',
    onePhase: '"mkdir $out; cat /proc/self/status > /dev/null; export WORD=said; ls > $out/list"',
    twoPhase: '"cat < $out/list; ls /nowhere || :; cp $out/list $out/copy"',
  };
  const expression = (name: string): string =>
    packageOf(stdenv ?? { name: '', expression: '' }, { name: `"${name}"`, ...two });
  const all: Tracing['phases'] = new Map([['ld', null]]);
  const ldFiles = ({ traces }: Ran, phase: string): readonly string[] => {
    const directory = join(traces(phase), 'ld');
    return existsSync(directory)
      ? readdirSync(directory).map((name) => readFileSync(join(directory, name), 'latin1'))
      : [];
  };

  test('keeps what the loader said of every program, apart from log and layer', async () => {
    const ran = await bench.run(expression('ld'), {
      tracing: { phases: all, ldDebug: 'libs' },
    });
    expect(ran.phases).toEqual([
      ['onePhase', 'succeeded'],
      ['twoPhase', 'succeeded'],
    ]);
    expect(ldFiles(ran, 'onePhase').join('')).toMatch(/find library=libc\.so\.6/);
    expect(ldFiles(ran, 'twoPhase').length).toBeGreaterThanOrEqual(3);
    expect(ran.log.get('twoPhase')).not.toContain('find library=');
  });

  test('leaves the files and the state of an untraced one, which is reused for it', async () => {
    const plain = await bench.run(expression('same'));
    const traced = await bench.run(expression('same'), {
      from: 'onePhase',
      tracing: { phases: all, ldDebug: 'all' },
    });
    expect(traced.snapshots).toEqual(plain.snapshots);
    const again = await bench.run(expression('same'));
    expect(again.phases).toEqual([
      ['onePhase', 'reused'],
      ['twoPhase', 'reused'],
    ]);
  });

  test('traces the phases that are chosen', async () => {
    const ran = await bench.run(expression('chosen'), {
      tracing: { phases: new Map([['ld', new Set(['twoPhase'])]]), ldDebug: 'libs' },
    });
    expect([ldFiles(ran, 'onePhase').length, ldFiles(ran, 'twoPhase').length > 0]).toEqual([
      0,
      true,
    ]);
  });

  test('refuses a phase that is none', async () => {
    const tracing: Tracing = { phases: new Map([['ld', new Set(['tow'])]]), ldDebug: 'libs' };
    await expect(bench.run(expression('none'), { tracing })).rejects.toMatchObject({
      code: 'usage',
      operation: 'reading --trace ld:tow',
    });
  });

  const hasStrace = spawnSync('strace', ['-V']).status === 0;
  test.skipIf(!hasStrace)(
    `keeps strace’s text of a phase, with what was not there${hasStrace ? '' : ' (skipped: there is no strace)'}`,
    async () => {
      const ran = await bench.run(expression('strace'), {
        tracing: { phases: new Map([['syscalls', new Set(['twoPhase'])]]), ldDebug: 'libs' },
      });
      const text = readFileSync(join(ran.traces('twoPhase'), 'strace.txt'), 'latin1');
      expect(text).toMatch(/"\/nowhere".* = -1 ENOENT/);
      expect(text).toMatch(/execve\(.*\/cp"/);
      expect(ldFiles(ran, 'twoPhase')).toEqual([]);

      const engine = await bench.engine();
      const signal = new AbortController().signal;
      const { traced, trace } = await engine.syscalls('last:twoPhase', signal);
      expect(traced).toEqual(['twoPhase']);
      const { missing } = syscallFindings(trace);
      expect(missing.map(({ path }) => path)).toContain('/nowhere');
      // It begins with the builder: nothing of what enters the sandbox is in it.
      expect(trace.processes.map(({ parent }) => parent).filter((one) => one === null)).toEqual([
        null,
      ]);
      expect(trace.processes.map(({ program }) => program).join()).not.toMatch(/bwrap|unshare/);
      await expect(engine.syscalls('last:onePhase', signal)).rejects.toMatchObject({
        code: 'not-found',
        reason: 'onePhase was not traced; twoPhase was',
      });
    },
  );

  test('bpftrace sees the same, where it may trace', async (context) => {
    const signal = new AbortController().signal;
    const refusal = await checkTracer('bpftrace', process.env['PATH'], signal).then(
      () => null,
      (error: unknown) => (error instanceof StrataError ? error.reason : String(error)),
    );
    if (refusal !== null) return context.skip(refusal);
    const phases: Tracing['phases'] = new Map([['syscalls', new Set(['twoPhase'])]]);
    const seen = new Map<string, ReturnType<typeof syscallFindings>>();
    for (const tracer of ['strace', 'bpftrace'] as const) {
      const ran = await bench.run(expression('tracers'), {
        from: 'twoPhase',
        tracing: { phases, ldDebug: 'libs', tracer },
      });
      expect(ran.phases.at(-1)).toEqual(['twoPhase', 'succeeded']);
      const engine = await bench.engine();
      const { trace } = await engine.syscalls('last:twoPhase', signal);
      expect(trace.notUnderstood).toEqual({ lines: 0, samples: [] });
      expect(trace.processes.filter(({ parent }) => parent === null)).toHaveLength(1);
      expect(trace.processes.every(({ end }) => end.kind === 'exited')).toBe(true);
      seen.set(tracer, syscallFindings(trace));
    }
    const paths = (tracer: string): readonly string[] =>
      (seen.get(tracer)?.missing ?? []).map(({ path }) => path).sort();
    expect(paths('bpftrace')).toContain('/nowhere');
    expect(paths('bpftrace')).toEqual(paths('strace'));
  });

  const recorded = resolve(import.meta.dirname, '../../../../shared/fixtures/sysdig');
  const noRecorded = existsSync(recorded) ? null : `${recorded} is not here`;
  test.skipIf(noRecorded !== null)(
    `keeps sysdig’s capture of a phase, and reads it through sysdig${noRecorded === null ? '' : ` (skipped: ${noRecorded})`}`,
    async () => {
      // It has no driver on most machines: a stand-in captures what was recorded once, until it is told to end.
      const place = mkdtempSync(join(tmpdir(), 'strata-sysdig-'));
      writeFileSync(
        join(place, 'sysdig'),
        `#!/bin/bash
case " $* " in
  *' -n 1 '*) exit 0 ;;
  *' -r '*) cat '${recorded}/sysdig-0.41.4.jsonl' ;;
  *' -w '*)
    while [[ $1 != -w ]]; do shift; done
    cp '${recorded}/curl_google.scap' "$2"
    printf '%s' "$3" > '${place}/filter'
    exec '${process.execPath}' -e 'process.on("SIGINT", () => process.exit(0)); setInterval(() => {}, 1000)' ;;
esac
`,
        { mode: 0o755 },
      );
      const path = process.env['PATH'];
      process.env['PATH'] = `${place}:${path ?? ''}`;
      try {
        const phases: Tracing['phases'] = new Map([['syscalls', new Set(['twoPhase'])]]);
        const ran = await bench.run(expression('sysdig'), {
          tracing: { phases, ldDebug: 'libs', tracer: 'sysdig' },
        });
        expect(ran.phases.at(-1), ran.lines.join('\n')).toEqual(['twoPhase', 'succeeded']);
        expect(readdirSync(ran.traces('twoPhase'))).toEqual(['sysdig.scap']);
        expect(readFileSync(join(place, 'filter'), 'utf8')).toMatch(
          /^\(proc\.pid=(\d+) or proc\.apid=\1\) and /,
        );
        const engine = await bench.engine();
        const { trace } = await engine.syscalls('last:twoPhase', new AbortController().signal);
        expect(trace.processes.map(({ program }) => program)).toEqual(['curl']);
      } finally {
        process.env['PATH'] = path;
        rmSync(place, { recursive: true, force: true });
      }
    },
  );
});
