// Tiny files, each for a rule of the loader's, under the real one: what the model says was loaded is what was mapped.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TracedProcess } from '../../../../src-main/trace/lookups.ts';
import { titled } from '../../snapshots/mounted.ts';
import { CASES, type Case } from './cases.ts';
import { reportOf, type Report } from './report.ts';
import { Workshop, compilerRefusal } from './tiny-elf.ts';
import { foundFiles, libraryFiles, traced, type Traced, type Written } from './traced.ts';

const refusal = compilerRefusal();
const RUNS: readonly Run[] = [
  ['libs', 'files'],
  ['libs,files', 'files'],
  ['all', 'files'],
  ['libs,files', 'standard-error'],
];

type Run = readonly [categories: string, written: Written];

const numbered = CASES.map((one, index) => [index + 1, one.rule, one] as const);

describe.skipIf(refusal !== null)(titled('the rules of the loader', refusal), () => {
  describe.each(numbered)('%i: %s', (_number, _rule, one) => {
    const without = one.without ?? null;
    let workshop: Workshop;

    beforeAll(() => {
      workshop = new Workshop(realpathSync(mkdtempSync(join(tmpdir(), 'strata-loader-'))));
      if (without === null) one.make(workshop);
    });
    afterAll(() => rmSync(workshop.directory, { recursive: true, force: true }));

    test.skipIf(without !== null).each(RUNS)(
      titled('LD_DEBUG=%s to %s', without),
      async (categories, written) => {
        const run = await traced(
          {
            directory: workshop.directory,
            command: one.command?.(workshop) ?? ['prog'],
            env: one.env?.(workshop) ?? {},
          },
          categories,
          written,
        );
        expect(run.notUnderstood).toEqual([]);
        const process = onlyProcess(run);
        const report = reportOf(process, workshop.directory);
        expect(report).toEqual(expected(one, report, [categories, written], saysReasons(process)));
        if (categories === 'libs' && one.libsAlone !== undefined) return;
        const gone = (one.unmapped ?? []).map((file) => workshop.path(file));
        for (const { program, files } of run.mapped) {
          expect(process.program).toBe(program);
          expect(
            foundFiles(process, workshop.directory).filter((file) => !gone.includes(file)),
          ).toEqual(libraryFiles(program, files));
        }
      },
    );
  });
});

function onlyProcess({ processes }: Traced): TracedProcess {
  const [process] = processes;
  if (process === undefined || processes.length > 1)
    throw new Error(`${processes.length} processes`);
  return process;
}

/**
 * A case in the words of a run. LD_DEBUG=libs does not say who asks: then it is not told, or rightly. What is wrong with a file
 * ld.so writes to standard error alone, and why it passes one over it says since 2.43. A star is any name.
 */
function expected(
  one: Case,
  { initialisers }: Report,
  [categories, written]: Run,
  isExplained: boolean,
): unknown {
  const lookups = (categories === 'libs' ? one.libsAlone : undefined) ?? one.lookups;
  const passed = one.passed ?? [];
  return {
    lookups: lookups.map((line) => {
      const [library = '', asker = '', end = ''] = line.split(/ for |: (?=not found$|.* by )/);
      const who = categories === 'libs' ? `(?:${literally(asker)}|\\?)` : literally(asker);
      return expect.stringMatching(
        `^${literally(library)} for ${who}: ${literally(end)}$`,
      ) as string;
    }),
    passed: passed.map((line) =>
      line
        .replace(/ not-elf$/, written === 'files' ? ' refused' : ' not-elf')
        .replace(/ (?:missing|wrong-class|wrong-machine)$/, isExplained ? '$&' : ' unknown'),
    ),
    errors: written === 'files' ? [] : (one.errors ?? []),
    initialisers: one.initialisers ?? initialisers,
    duplicates: one.duplicates ?? [],
  };
}

function literally(text: string): string {
  return text.replace(/[.+?()|[\]\\]/g, '\\$&').replaceAll('*', '[^ ]*');
}

function saysReasons({ lookups }: TracedProcess): boolean {
  return lookups.some(({ tried }) => tried.some(({ outcome }) => outcome === 'missing'));
}
