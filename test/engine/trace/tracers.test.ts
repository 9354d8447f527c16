// What may not trace says so before a phase begins: stand-ins on PATH that say what bpftrace 0.17 does.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkTracer } from '../../../src-main/engine/tracers.ts';

describe('bpftrace that may not trace', () => {
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

  const check = async (): Promise<void> =>
    checkTracer('bpftrace', place, new AbortController().signal);

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
    writeFileSync(join(place, 'bpftrace'), `#!/bin/sh\necho 'ERROR: ${said}' >&2\nexit 1\n`, {
      mode: 0o755,
    });
    await expect(check()).rejects.toMatchObject({
      code: 'environment',
      reason: `bpftrace cannot trace here: ${said}`,
      advice: expect.stringContaining('--tracer strace') as string,
    });
  });
});
