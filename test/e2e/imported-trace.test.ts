// Traces from files in the Libraries pane: opened by their path, chosen, and dropped on the window.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromPalette, windowSuite } from './window-suite.ts';

const { served, show } = windowSuite();

/** As glibc 2.43 writes it. */
const ldDebug = (pid: number, program: string, library: string): string =>
  [
    `find library=${library} [0]; searching`,
    ` search path=/opt/driver/lib\t\t(RUNPATH from file ${program})`,
    `  trying file=/opt/driver/lib/${library}`,
    ' search cache=/etc/ld.so.cache',
    ' search path=/usr/lib\t\t(system search path)',
    `  trying file=/usr/lib/${library}`,
    '',
  ]
    .map((line) => `${String(pid).padStart(10)}:\t${line}\n`)
    .join('');

const strace =
  '4711 1763000000.000100 execve("/bin/cat", ["cat", "/etc/nothing"], 0x7ffd /* 3 vars */) = 0\n' +
  '4711 1763000000.000400 openat(AT_FDCWD, "/etc/nothing", O_RDONLY) = -1 ENOENT (No such file or directory)\n' +
  '4711 1763000000.000700 exit_group(1) = ?\n' +
  '4711 1763000000.000900 +++ exited with 1 +++\n';

let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'strata-traces-'));
  writeFileSync(join(directory, 'ld.4711'), ldDebug(4711, '/opt/render', 'libdriver.so.1'));
  writeFileSync(join(directory, 'ld.4712'), ldDebug(4712, '/opt/other', 'libother.so.2'));
  writeFileSync(join(directory, 'strace.txt'), strace);
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Lets files go over the window, as a file manager does. */
async function drop(page: Page, files: Readonly<Record<string, string>>): Promise<void> {
  // As text: the tests' own sources know no DOM.
  const data = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    for (const [name, text] of Object.entries(${JSON.stringify(files)}))
      transfer.items.add(new File([text], name));
    return transfer;
  })()`);
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: data });
  await page.getByText('Drop a trace here').waitFor();
  await page.dispatchEvent('body', 'drop', { dataTransfer: data });
}

describe('a trace from files', () => {
  test('is opened by its path from the palette, with no target open', async () => {
    const window = await show();
    const { page } = window;
    await fromPalette(window, 'open a trace');
    const field = page.getByRole('combobox', { name: 'Path of the trace' });
    await field.fill(`${directory}/ld`);
    await page.getByRole('option', { name: 'ld.4711' }).click();
    const libraries = page.getByRole('region', { name: 'Libraries' });
    await libraries.getByText('imported trace').waitFor();
    await libraries.getByText('libdriver.so.1').waitFor();
    expect(await libraries.getByRole('treeitem').count()).toBe(1);
    // There is no run of whose log or files it could tell.
    expect(await libraries.getByRole('button', { name: 'Find it in the log' }).count()).toBe(0);
    await libraries.getByRole('button', { name: 'Close the imported trace' }).click();
    await page.getByRole('button', { name: 'Open a trace' }).waitFor();
  });

  test('is a whole directory where one is given, each file read as what it is', async () => {
    const { page } = await show();
    await page.getByRole('button', { name: 'Open a trace' }).click();
    await page.getByRole('combobox', { name: 'Path of the trace' }).fill(directory);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    const libraries = page.getByRole('region', { name: 'Libraries' });
    await libraries.getByRole('treeitem', { name: 'render' }).waitFor();
    await libraries.getByRole('treeitem', { name: 'other' }).waitFor();
    await libraries.getByRole('tab', { name: 'System calls' }).click();
    await libraries.getByRole('option').filter({ hasText: '/etc/nothing' }).waitFor();
  });

  test('is dropped on the window, beside a target, and handed over in pieces', async () => {
    const { page } = await show(served().example('hello'));
    // Longer than a piece, and with other text between.
    const noise = 'the program says something of its own\n'.repeat(40_000);
    await drop(page, {
      'ld.4711': noise + readFileSync(join(directory, 'ld.4711'), 'utf8'),
      'strace.txt': strace,
    });
    const libraries = page.getByRole('region', { name: 'Libraries' });
    await libraries.getByText('ld.4711 and 1 more').waitFor();
    await libraries.getByText('libdriver.so.1').waitFor();
    await libraries.getByRole('tab', { name: 'System calls' }).click();
    await libraries.getByRole('option').filter({ hasText: '/etc/nothing' }).waitFor();
    await libraries.getByRole('button', { name: 'Close the imported trace' }).click();
    await libraries.getByText('No phase is chosen').waitFor();
  });

  test('that is none says what is read, and leaves the window as it was', async () => {
    const { page } = await show();
    await drop(page, { 'notes.txt': 'milk, bread\n' });
    const libraries = page.getByRole('region', { name: 'Libraries' });
    const alert = libraries.getByRole('alert');
    await alert.getByText('Reading notes.txt failed').waitFor();
    await alert.getByText('it is no trace').waitFor();
    expect(await alert.textContent()).toContain('LD_DEBUG_OUTPUT=/tmp/ld');
    // A browser tells no path, and a target is a path.
    await drop(page, { 'default.nix': '{ }' });
    await page.getByText('type its path into Target').waitFor();
    // What was handed over goes with the window.
    const cache = join(served().files.directory, 'cache/strata');
    const handed = () => readdirSync(cache).filter((name) => name.startsWith('.new-'));
    expect(handed()).toHaveLength(1);
    await page.reload();
    await expect.poll(handed).toEqual([]);
  });
});
