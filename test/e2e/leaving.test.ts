// What leaves Strata from the window: images, binary caches, plain directories; and an image that comes back.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { build, fromPalette, windowSuite } from './window-suite.ts';

const { served, show } = windowSuite();

/** Opens a question of a phase's menu, as the keyboard does. */
async function askTo(page: Page, what: string): Promise<void> {
  await page
    .getByRole('button', { name: /^installPhase, succeeded/ })
    .first()
    .click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Export…' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('menuitem', { name: what }).focus();
  await page.keyboard.press('Enter');
}

describe('a state', () => {
  test('becomes an image, which brings it back; a cache, whose lines are told; and a directory', async () => {
    const { directory } = served().files;
    const window = await show(served().example('hello'));
    const { page } = window;
    await build(window, 'fixupPhase, succeeded');
    const dialog = page.getByRole('dialog');

    await askTo(page, 'OCI image…');
    const image = join(directory, 'state.oci.tar');
    await dialog.getByRole('combobox', { name: 'Path to write to' }).fill(image);
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog.getByText(/ layers, /).waitFor();
    await dialog.getByText(/^podman run /).waitFor();
    expect(existsSync(image)).toBe(true);
    await dialog.getByRole('button', { name: 'Close' }).last().click();

    await fromPalette(window, 'import an oci image');
    await dialog.getByRole('combobox', { name: 'Path of the image' }).fill(image);
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    // It was never away.
    await dialog.getByText(/The state after installPhase .*: 0 snapshots added/).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();

    await askTo(page, 'Binary cache…');
    const cache = join(directory, 'binary-cache');
    await dialog.getByRole('combobox', { name: 'Path to write to' }).fill(cache);
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog.getByText(`extra-substituters = file://${cache}`).first().waitFor();
    expect(readFileSync(join(cache, 'nix-cache-info'), 'utf8')).toContain('StoreDir: /nix/store');
    await dialog.getByRole('button', { name: 'Close' }).last().click();

    // The next builds fetch from it, until they are told not to.
    await page.getByRole('button', { name: 'Nix', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Binary caches…' }).click();
    await dialog.getByText('None is used.').waitFor();
    await dialog.getByRole('combobox', { name: 'Directory of the cache' }).fill(directory);
    await dialog.getByRole('button', { name: 'Use this cache' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByRole('combobox', { name: 'Directory of the cache' }).fill(cache);
    await dialog.getByRole('button', { name: 'Use this cache' }).click();
    const used = dialog.getByRole('list', { name: 'Caches in use' });
    await used.getByText(cache, { exact: true }).waitFor();
    await used.getByRole('button', { name: `Use ${cache} no more` }).click();
    await dialog.getByText('None is used.').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();

    await askTo(page, 'Show as a directory…');
    const shown = join(directory, 'shown');
    await dialog.getByRole('combobox', { name: 'Path to write to' }).fill(shown);
    await dialog.getByRole('button', { name: 'Show', exact: true }).click();
    await dialog.getByRole('button', { name: 'Take it away again' }).waitFor();
    expect(existsSync(join(shown, 'build/src/main.c'))).toBe(true);
    await dialog.getByRole('button', { name: 'Take it away again' }).click();
    await page.getByText(`${shown} is gone again`).waitFor();
    expect(existsSync(join(shown, 'build'))).toBe(false);
  });

  test('is not written where something is, and says so', async () => {
    const window = await show(served().example('hello'));
    const { page } = window;
    await build(window, 'installPhase, (succeeded|reused)');
    await page
      .getByRole('button', { name: /^installPhase, (succeeded|reused)/ })
      .first()
      .click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Export…' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('menuitem', { name: 'OCI image…' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Path to write to' }).fill(served().files.directory);
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByRole('alert').textContent()).toContain(served().files.directory);
  });
});
