// What may not trace says so before a phase begins: stand-ins on PATH that say what bpftrace 0.17 and sysdig 0.29 do.
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkTracer, chosenTracer, tracersOnPath } from '../../../src-main/engine/tracers.ts';

describe('a tracer that may not trace', () => {
  const path = process.env['PATH'];
  let place: string;
  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), 'strata-tracer-'));
    process.env['PATH'] = place;
  });
  afterAll(() => {
    process.env['PATH'] = path;
    rmSync(place, { recursive: true, force: true });
  });

  const { signal } = new AbortController();
  const check = async (): Promise<void> => checkTracer('bpftrace', place, signal);
  const standIn = (name: string, script: string): void =>
    writeFileSync(join(place, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

  test('is not there', async () => {
    await expect(check()).rejects.toMatchObject({
      code: 'environment',
      operation: 'tracing system calls',
      reason: 'the program bpftrace is not on PATH',
      advice: expect.stringContaining('apt-get install bpftrace') as string,
    });
  });

  test('says why not, and what does without', async () => {
    const said = 'bpftrace currently only supports running as the root user.';
    standIn('bpftrace', `echo 'ERROR: ${said}' >&2; exit 1`);
    await expect(check()).rejects.toMatchObject({
      code: 'environment',
      reason: `bpftrace cannot trace here: ${said}`,
      advice: expect.stringContaining('--tracer strace') as string,
    });
  });

  test('sysdig says why not in the words of its driver', async () => {
    symlinkSync('/bin/bash', join(place, 'bash'));
    const said = 'error opening device /dev/scap0. Make sure you have root credentials.';
    standIn('sysdig', `printf 'Unable to load the driver\\n${said}\\n' >&2; exit 1`);
    await expect(checkTracer('sysdig', place, signal)).rejects.toMatchObject({
      code: 'environment',
      reason: `sysdig cannot trace here: ${said}`,
      advice: expect.stringContaining('its driver in the kernel') as string,
    });
  });

  test('is not chosen where another can take its place', async (context) => {
    await expect(chosenTracer(place, signal)).rejects.toMatchObject({
      reason: 'the program strace is not on PATH',
    });
    if (process.geteuid?.() !== 0) return context.skip('only root may use another than strace');
    standIn('sysdig', 'exit 0');
    expect(await chosenTracer(place, signal)).toBe('sysdig');
    standIn('strace', 'exit 1');
    expect(await tracersOnPath(place)).toEqual(['strace', 'bpftrace', 'sysdig']);
    expect(await chosenTracer(place, signal)).toBe('strace');
  });
});
