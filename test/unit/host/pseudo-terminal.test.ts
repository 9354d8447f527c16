import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { PseudoTerminal } from '../../../src-main/host/pseudo-terminal.ts';

/** What a script prints, all of it, and its exit code. */
async function printed(script: string): Promise<readonly [string, unknown]> {
  const chunks: Buffer[] = [];
  const terminal = await PseudoTerminal.open((chunk) => chunks.push(chunk));
  try {
    const child = spawn('sh', ['-c', `stty raw -echo <&1; ${script}`], {
      stdio: ['ignore', terminal.slave, terminal.slave],
    });
    terminal.handedOver();
    const [code] = (await once(child, 'exit')) as readonly unknown[];
    await terminal.drained();
    return [Buffer.concat(chunks).toString(), code];
  } finally {
    terminal.close();
  }
}

const onLinux = process.platform === 'linux';
const title = (text: string): string =>
  onLinux ? text : `${text} (skipped: builds need Linux here)`;

test.skipIf(!onLinux)(
  title('every byte is given, however much and however late it comes'),
  async () => {
    const numbers = Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join('');
    for (let round = 0; round < 10; round += 1) {
      const [text, code] = await printed('seq 100000; printf end >&2; exit 3');
      expect(text === `${numbers}end`).toBe(true);
      expect(code).toBe(3);
    }
  },
);

test.skipIf(!onLinux)(title('it is a terminal, and can be opened by name'), async () => {
  expect(await printed('test -t 1 && test -t 2 && printf yes > /dev/stdout')).toEqual(['yes', 0]);
  expect(await printed(':')).toEqual(['', 0]);
});
