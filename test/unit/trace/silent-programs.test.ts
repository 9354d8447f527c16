/** Of which programs the loader said nothing, and why. */
import { describe, expect, it } from 'vitest';
import type { TracedProcess } from '../../../src-main/trace/lookups.ts';
import { silenceText, silentPrograms } from '../../../src-main/trace/silent-programs.ts';
import { MadeUpRoot, program, type MadeUpFile } from './made-up-root.ts';
import { read } from './syscalls/reading.ts';

const GLIBC = '/lib64/ld-linux-x86-64.so.2';
const MUSL = '/lib/ld-musl-x86_64.so.1';

const FILES: Readonly<Record<string, MadeUpFile>> = {
  '/bin/bash': program({ interpreter: GLIBC }),
  '/bin/sh': '-> /bin/bash',
  '/bin/ls': program({ interpreter: GLIBC }),
  '/bin/busybox': program({ interpreter: null, type: 'executable' }),
  '/opt/musl': program({ interpreter: MUSL }),
  '/build/configure': '#!/bin/sh',
  '/build/init': '#!/bin/busybox',
};

/** What was started, each once, by the builder. */
const executed = (...paths: readonly string[]) =>
  read(
    'strace',
    ...['/bin/bash', ...paths].map(
      (path) => `1 1.0 execve("${path}", ["x"], 0x7ffc /* 1 var */) = 0\n`,
    ),
  );

const spoke = (...programs: readonly (string | null)[]): readonly TracedProcess[] =>
  programs.map((one, pid) => ({
    pid,
    program: one,
    parent: null,
    phase: 'checkPhase',
    lookups: [],
    errors: [],
    initialisers: [],
  }));

const silent = async (
  started: readonly string[],
  heard: readonly (string | null)[],
): Promise<readonly string[]> => {
  const found = await silentPrograms(executed(...started), spoke(...heard), new MadeUpRoot(FILES));
  return found.map((one) => `${one.processes} ${one.program} ${one.why.kind}`);
};

describe('silent programs', () => {
  it('are none where all spoke, whatever they call themselves', async () => {
    expect(await silent(['/bin/ls', '/bin/sh'], ['ls', '/bin/sh'])).toStrictEqual([]);
  });

  it('are those without a loader, or with another than glibc’s', async () => {
    expect(await silent(['/bin/busybox', '/bin/busybox', '/opt/musl'], [])).toStrictEqual([
      '2 /bin/busybox static',
      '1 /opt/musl other-loader',
    ]);
  });

  it('are interpreters where a script was started', async () => {
    expect(await silent(['/build/init', '/build/configure'], ['/bin/sh'])).toStrictEqual([
      '1 /bin/busybox static',
    ]);
  });

  it('are those that spoke less often than they were started', async () => {
    expect(await silent(['/bin/ls', '/bin/ls', '/bin/ls'], ['ls'])).toStrictEqual([
      '2 /bin/ls unheard',
    ]);
  });

  it('may be what spoke under a name that nothing has', async () => {
    expect(await silent(['/bin/ls', '/bin/ls'], ['other'])).toStrictEqual(['1 /bin/ls unheard']);
    expect(await silent(['/bin/ls'], [null])).toStrictEqual([]);
  });

  it('may be gone', async () => {
    expect(await silent(['/build/conftest'], [])).toStrictEqual(['1 /build/conftest gone']);
    expect(await silent(['/build/conftest'], ['./conftest'])).toStrictEqual([]);
  });

  it('are counted also where their files cannot be had', async () => {
    const found = await silentPrograms(executed('/bin/busybox', '/bin/ls'), spoke('ls'), null);
    expect(found).toStrictEqual([
      { program: '/bin/busybox', processes: 1, why: { kind: 'unheard' } },
    ]);
  });

  it('say why in words', () => {
    expect(silenceText({ kind: 'other-loader', loader: MUSL })).toBe(
      `its loader is ${MUSL}, not glibc’s, and knows no LD_DEBUG`,
    );
  });
});
