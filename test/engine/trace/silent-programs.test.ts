// Programs that say nothing with LD_DEBUG, in a real phase that is traced for both: each is named, with why.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TraceKind } from '../../../src-main/phases/tracing.ts';
import { parseElf } from '../../../src-main/trace/elf.ts';
import { packageOf, stdenvs } from '../phases/stdenvs.ts';
import { Workbench } from '../phases/workbench.ts';
import { nixReason } from '../real-nix.ts';

const [stdenv] = stdenvs;
const missing = ['gcc', 'strace'].find(
  (tool) => spawnSync(tool, ['--version']).error !== undefined,
);
const reason = nixReason ?? (missing === undefined ? null : `there is no ${missing}`);
const suite = reason === null ? '' : ` (skipped: ${reason})`;

const BUSYBOX = '/bin/busybox';
const isStatic = existsSync(BUSYBOX) && parseElf(readFileSync(BUSYBOX))?.interpreter === null;
const busybox = isStatic ? null : `there is no static ${BUSYBOX}`;

describe.skipIf(reason !== null)(`programs that say nothing${suite}`, () => {
  let bench: Workbench;
  const { signal } = new AbortController();
  beforeAll(() => {
    bench = Workbench.open();
  });
  afterAll(() => bench.close());

  const traced = async (name: string, script: string, kinds: readonly TraceKind[]) => {
    const expression = packageOf(stdenv ?? { name: '', expression: '' }, {
      name: `"${name}"`,
      phases: '[ "onePhase" ]',
      onePhase: `''${script}''`,
    });
    const phases = new Map(kinds.map((kind) => [kind, null]));
    const ran = await bench.run(expression, { tracing: { phases, ldDebug: 'libs,files' } });
    expect(ran.status, ran.lines.join('\n')).toBe('succeeded');
    const engine = await bench.engine();
    const { programs, untold } = await engine.silences(
      await engine.libraries('last:onePhase', signal),
      signal,
    );
    const said = programs.map((one) => `${one.processes} ${one.program} ${one.why.kind}`);
    return { said: said.toSorted(), untold };
  };

  const COMPILED = `
    mkdir $out
    echo 'int main(void) { return 0; }' > main.c
    gcc -static -o static main.c
    gcc -o dynamic main.c
    ./static; ./static; ./dynamic; env -i ./dynamic
    cp dynamic gone; ./gone; rm gone`;

  test('are static, or were started with an empty environment', async () => {
    expect(await traced('silent', COMPILED, ['ld', 'syscalls'])).toStrictEqual({
      said: ['1 /build/dynamic unheard', '2 /build/static static'],
      untold: [],
    });
  });

  test.skipIf(busybox !== null)(
    `are the interpreters of scripts${busybox === null ? '' : ` (skipped: ${busybox})`}`,
    async () => {
      const script = `mkdir $out; printf '#!${BUSYBOX} true\\n' > script; chmod +x script; ./script`;
      expect(await traced('script', script, ['ld', 'syscalls'])).toStrictEqual({
        said: [`1 ${BUSYBOX} static`],
        untold: [],
      });
    },
  );

  test('are not known where system calls were not traced', async () => {
    expect(await traced('untold', 'mkdir $out', ['ld'])).toStrictEqual({
      said: [],
      untold: ['onePhase'],
    });
  });
});
