// Programs that start others, under the real loader: which process looked for what, wherever its text went.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { titled } from '../../snapshots/mounted.ts';
import { reportOf } from './report.ts';
import { Workshop, compilerRefusal } from './tiny-elf.ts';
import { foundFiles, libraryFiles, traced, type Traced, type Written } from './traced.ts';

const refusal = compilerRefusal();

describe.skipIf(refusal !== null)(titled('processes under the loader', refusal), () => {
  let workshop: Workshop;

  beforeAll(() => {
    workshop = new Workshop(realpathSync(mkdtempSync(join(tmpdir(), 'strata-loader-'))));
    workshop.library('lib/liba.so');
    workshop.library('lib/libb.so');
    const runpath = workshop.path('lib');
    workshop.program('other', { needs: ['lib/libb.so'], runpath });
    workshop.program('forks', {
      needs: ['lib/liba.so'],
      runpath,
      code: 'if (fork() == 0) { open_library("libb.so"); tell_maps(argv[0]); _exit(0); } wait(NULL)',
    });
    workshop.program('idle', {
      needs: ['lib/liba.so'],
      runpath,
      code: 'if (fork() == 0) _exit(0); wait(NULL)',
    });
    workshop.program('execs', {
      needs: ['lib/liba.so'],
      runpath,
      code: 'tell_maps(argv[0]); execv(argv[1], argv + 1)',
    });
    workshop.program('many', {
      needs: ['lib/liba.so'],
      runpath,
      code: 'for (int i = 0; i < 8; i++) if (fork() == 0) execv(argv[1], argv + 1); while (wait(NULL) > 0)',
    });
  });
  afterAll(() => rmSync(workshop.directory, { recursive: true, force: true }));

  const run = (
    command: readonly string[],
    written: Written,
    categories = 'libs,files',
  ): Promise<Traced> =>
    traced({ directory: workshop.directory, command, env: {} }, categories, written);

  /** `other: libb.so`: programs with what they found, in the order of the processes. */
  const told = ({ processes }: Traced): readonly string[] =>
    processes.map((process) => {
      const { lookups } = reportOf(process, workshop.directory);
      const names = lookups.map((line) => line.replace(/ for .*: lib\/.*$/, ''));
      return `${basename(process.program ?? '?')}: ${names.join(', ')}`;
    });

  const expectMapped = ({ processes, mapped }: Traced): void => {
    for (const { pid, program, files } of mapped) {
      const found = processes
        .filter((process) => process.pid === pid && process.program === program)
        .map((process) => foundFiles(process, workshop.directory));
      expect(found).toEqual([libraryFiles(program, files)]);
    }
  };

  test.each(['files', 'standard-error'] as const)(
    'a fork is a process that inherits what is loaded, to %s',
    async (written) => {
      const traces = await run(['forks'], written);
      expect(told(traces)).toEqual(['forks: liba.so', 'forks: dlopen libb.so']);
      expect(new Set(traces.processes.map(({ pid }) => pid)).size).toBe(2);
    },
  );

  test('a fork that looks for nothing is none', async () => {
    expect(told(await run(['idle'], 'standard-error'))).toEqual(['idle: liba.so']);
  });

  test.each([
    ['libs', 'files'],
    ['libs,files', 'files'],
    ['all', 'files'],
    ['libs,files', 'standard-error'],
  ] as const)(
    'exec makes another program of the same process: %s to %s',
    async (categories, written) => {
      const traces = await run(['execs', workshop.path('other')], written, categories);
      expect(told(traces)).toEqual(['execs: liba.so', 'other: libb.so']);
      expect(new Set(traces.processes.map(({ pid }) => pid)).size).toBe(1);
      expectMapped(traces);
    },
  );

  test.each(['libs', 'libs,files'])(
    'lines of many processes between each other: %s',
    async (categories) => {
      const traces = await run(['many', workshop.path('other')], 'standard-error', categories);
      expect(told(traces)).toEqual(['many: liba.so', ...Array<string>(8).fill('other: libb.so')]);
      expect(traces.mapped).toHaveLength(9);
      expectMapped(traces);
    },
  );

  test('ld.so may be run as a program, with its own path of libraries', async (context) => {
    const { mapped } = await run(['other'], 'files');
    const loader = mapped[0]?.files.find((file) => /\/ld-[^/]*\.so[^/]*$/.test(file));
    if (loader === undefined) return context.skip('the loader of this machine has another name');
    workshop.program('bare', { needs: ['lib/liba.so'] });
    const command = [loader, '--library-path', workshop.path('lib'), workshop.path('bare')];
    const { processes } = await run(command, 'files');
    const [process] = processes;
    expect(process === undefined ? null : reportOf(process, workshop.directory).lookups).toEqual([
      'liba.so for bare: lib/liba.so by LD_LIBRARY_PATH',
    ]);
  });

  test('a static program says nothing', async (context) => {
    try {
      workshop.program('static', { code: '', options: ['-static'] });
    } catch {
      return context.skip('no static libc here');
    }
    const { processes, mapped } = await run(['static'], 'standard-error');
    expect(processes).toEqual([]);
    expect(mapped).toHaveLength(1);
  });
});
