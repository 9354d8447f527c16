// What leaves Strata from the window: images, binary caches, plain directories; and an image that comes back.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { SeenWindow } from './served-window.ts';
import { build, fromPalette, windowSuite } from './window-suite.ts';

const { served, show } = windowSuite({
  // A desktop where the file `desktop` is, and none elsewhere: xdg-open(1) ends with 3 where no program is found.
  'xdg-open':
    'cd "$(dirname "$1")" && if test -e desktop; then echo "$1" > opened; else echo "www-browser: not found" >&2; exit 3; fi',
});

/** Opens a question of a phase's menu, as the keyboard does. */
async function askTo(page: Page, what: string): Promise<void> {
  await page
    .getByRole('button', { name: /^installPhase, (succeeded|reused)/ })
    .first()
    .click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Export…' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('menuitem', { name: what }).focus();
  await page.keyboard.press('Enter');
}

async function built(): Promise<SeenWindow> {
  const window = await show(served().example('hello'));
  await build(window, 'fixupPhase, (succeeded|reused)');
  return window;
}

/** Waits until it has the focus. */
async function focused(page: Page, button: Locator): Promise<void> {
  await button.and(page.locator(':focus')).waitFor();
}

/** What axe finds in the dialog that is open. */
async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).include('.dialog').analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`);
}

describe('a state', () => {
  test('becomes an image, which brings it back; a cache, whose lines are told; and a directory', async () => {
    const { directory } = served().files;
    const window = await built();
    const { page } = window;
    const dialog = page.getByRole('dialog');

    await askTo(page, 'OCI image…');
    const where = dialog.getByRole('combobox', { name: 'Image' });
    expect(await where.inputValue()).toBe(join(directory, 'hello-1.0-installPhase.oci.tar'));
    const image = join(directory, 'state.oci.tar');
    await where.fill(image);
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog.getByText(/\d layers, /).waitFor();
    await dialog.getByText(/^podman run /).waitFor();
    expect(existsSync(image)).toBe(true);
    await dialog.getByRole('button', { name: 'Close' }).last().click();

    await fromPalette(window, 'import an oci image');
    await dialog.getByRole('combobox', { name: 'Image' }).fill(image);
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    // It was never away.
    await dialog.getByText(/^hello-1\.0 after installPhase, of the run \w{10}$/).waitFor();
    await dialog.getByText(/^Nothing is new: all \d+ states of it were here already\.$/).waitFor();
    await dialog.getByRole('button', { name: 'Look at the state' }).click();
    await page.getByRole('group', { name: 'Chosen phase' }).getByText('installPhase').waitFor();

    await askTo(page, 'Binary cache…');
    const cache = join(directory, 'binary-cache');
    await dialog.getByRole('combobox', { name: 'Directory of the cache' }).fill(cache);
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog.getByText(`extra-substituters = file://${cache}`).first().waitFor();
    // As a shell takes it.
    await dialog
      .getByText(
        `podman run -v ${cache}:${cache}:ro -e 'NIX_CONFIG=extra-substituters = file://${cache}?trusted=1' IMAGE`,
      )
      .waitFor();
    expect(readFileSync(join(cache, 'nix-cache-info'), 'utf8')).toContain('StoreDir: /nix/store');
    await dialog.getByRole('button', { name: 'Close' }).last().click();

    // The target's own result, from the menu of Nix.
    await page.getByRole('button', { name: 'Nix', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Export as a binary cache…' }).click();
    await dialog.getByText('gives, built where it is not there yet').waitFor();
    await dialog
      .getByRole('combobox', { name: 'Directory of the cache' })
      .fill(`${cache}-of-result`);
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog.getByText(`extra-substituters = file://${cache}-of-result`).first().waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();

    // The next builds fetch from it, until they are told not to.
    await page.getByRole('button', { name: 'Nix', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Binary caches…' }).click();
    await dialog.getByText('None is used.').waitFor();
    await dialog.getByRole('combobox', { name: 'Directory of the cache' }).fill(directory);
    await dialog.getByRole('button', { name: 'Use this cache' }).click();
    await dialog.getByRole('alert').waitFor();
    // A relative path says what it stands for.
    await dialog.getByRole('combobox', { name: 'Directory of the cache' }).fill('binary-cache');
    await dialog.getByText(`Stands for ${cache}`).waitFor();
    await dialog.getByRole('button', { name: 'Use this cache' }).click();
    const used = dialog.getByRole('list', { name: 'Caches in use' });
    await used.getByText(cache, { exact: true }).waitFor();
    await used.getByRole('button', { name: `Use ${cache} no more` }).click();
    await dialog.getByText('None is used.').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();

    await askTo(page, 'Show as a directory…');
    expect(await dialog.getByRole('combobox', { name: 'Directory' }).inputValue()).toBe(
      join(directory, 'hello-1.0-installPhase'),
    );
    const shown = join(directory, 'shown');
    await dialog.getByRole('combobox', { name: 'Directory' }).fill(shown);
    await dialog.getByRole('button', { name: 'Show', exact: true }).click();
    await dialog.getByRole('button', { name: /^Take it away/ }).waitFor();
    expect(existsSync(join(shown, 'build/src/main.c'))).toBe(true);
    await dialog.getByRole('button', { name: /^Take it away/ }).click();
    await page.getByText(`${shown} is gone again`).waitFor();
    expect(existsSync(join(shown, 'build'))).toBe(false);
  });

  test('is not written where something is: what was typed stays, and another name will do', async () => {
    const { directory } = served().files;
    const { page } = await built();
    const dialog = page.getByRole('dialog');
    await askTo(page, 'OCI image…');
    const where = dialog.getByRole('combobox', { name: 'Image' });
    await where.fill(directory);
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog
      .getByText(`Exporting hello-1.0 after installPhase to ${directory} failed`)
      .waitFor();
    expect(await where.inputValue()).toBe(directory);
    await where.fill(join(directory, 'another'));
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog.getByText(/\d layers, /).waitFor();
    expect(existsSync(join(directory, 'another', 'index.json'))).toBe(true);
  });

  test('is not signed with what is no key, and not read from what is no image', async () => {
    const { directory } = served().files;
    const window = await built();
    const { page } = window;
    const dialog = page.getByRole('dialog');
    const rubbish = join(directory, 'rubbish');
    writeFileSync(rubbish, 'rubbish'.repeat(200));
    await askTo(page, 'Binary cache…');
    const key = dialog.getByRole('textbox', { name: 'File with a secret key' });
    await key.fill(rubbish);
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog.getByText('it holds no secret key').waitFor();
    await dialog.getByText(/nix-store --generate-binary-cache-key/).waitFor();
    expect(await key.inputValue()).toBe(rubbish);
    await page.keyboard.press('Escape');
    await fromPalette(window, 'import an oci image');
    await dialog.getByRole('combobox', { name: 'Image' }).fill(rubbish);
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await dialog.getByText(`Importing ${rubbish} failed`).waitFor();
    await dialog.getByText(/^it is no tar archive/).waitFor();
  });

  test('that is mounted is listed, opened and taken away, whoever mounted it', async () => {
    const { files } = served();
    const window = await built();
    const { page } = window;
    const mounted = join(files.directory, 'mounted');
    expect(files.run('mount', 'last:installPhase', mounted)).toMatchObject({ status: 0 });
    const dialog = page.getByRole('dialog');
    // The way there from the place that is taken.
    await askTo(page, 'Show as a directory…');
    await dialog.getByRole('combobox', { name: 'Directory' }).fill(mounted);
    await dialog.getByRole('button', { name: 'Show', exact: true }).click();
    await dialog.getByText('a state is shown there already').waitFor();
    await dialog.getByRole('button', { name: 'Mounted states…' }).click();
    const list = dialog.getByRole('list', { name: 'Mounted states' });
    await list.getByText('hello-1.0 after installPhase').waitFor();
    expect(await accessibilityFaults(page)).toStrictEqual([]);

    await list.getByRole('button', { name: `Open in the file manager: ${mounted}` }).click();
    await dialog.getByText(/^there is no file manager, or no display/).waitFor();
    await dialog.getByText(`look at it there by yourself: ${mounted}`).waitFor();
    writeFileSync(join(files.directory, 'desktop'), '');
    await list.getByRole('button', { name: `Open in the file manager: ${mounted}` }).click();
    await dialog.getByRole('alert').waitFor({ state: 'detached' });
    await expect
      .poll(() => existsSync(join(files.directory, 'opened')), { timeout: 10_000 })
      .toBe(true);
    expect(readFileSync(join(files.directory, 'opened'), 'utf8')).toBe(`${mounted}\n`);

    await list.getByRole('button', { name: `Take it away: ${mounted}` }).click();
    await dialog.getByText('None is mounted.').waitFor();
    expect(existsSync(mounted)).toBe(false);
  });
});

describe('the questions', () => {
  test('give the focus back to the button whose menu opened them, and say what their fields are', async () => {
    const window = await built();
    const { page } = window;
    const dialog = page.getByRole('dialog');
    const nix = page.getByRole('button', { name: 'Nix', exact: true });
    for (const entry of [
      'Build with Nix…',
      'Open the log of an old build…',
      'Binary caches…',
      'Mounted states…',
    ]) {
      await nix.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem', { name: entry }).focus();
      await page.keyboard.press('Enter');
      await dialog.waitFor();
      await page.keyboard.press('Escape');
      await focused(page, nix);
      // The mouse does not give the button the focus when it opens the menu.
      await page.getByRole('combobox', { name: 'Target' }).focus();
      await nix.click();
      await page.getByRole('menuitem', { name: entry }).click();
      await dialog.waitFor();
      await page.keyboard.press('Escape');
      await focused(page, nix);
    }
    for (const entry of ['OCI image…', 'Binary cache…', 'Show as a directory…']) {
      await askTo(page, entry);
      await dialog.waitFor();
      expect(await accessibilityFaults(page)).toStrictEqual([]);
      await page.keyboard.press('Escape');
      await focused(page, window.phase('installPhase, (succeeded|reused)'));
    }
  });

  test('show suggestions over what is below, which Escape closes first', async () => {
    const { directory } = served().files;
    const window = await built();
    const { page } = window;
    const dialog = page.getByRole('dialog');
    await fromPalette(window, 'import an oci image');
    const before = await dialog.boundingBox();
    await dialog.getByRole('combobox', { name: 'Image' }).pressSequentially(`${directory}/`);
    await dialog.getByRole('option', { name: 'examples/' }).waitFor();
    expect(await dialog.boundingBox()).toStrictEqual(before);
    await page.keyboard.press('Escape');
    await dialog.getByRole('option').first().waitFor({ state: 'detached' });
    expect(await dialog.count()).toBe(1);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });
});
