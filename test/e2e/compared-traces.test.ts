// Two traced runs side by side: what a library was found through in one, and why it was not found in the other.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build, windowSuite } from './window-suite.ts';

const { served, show } = windowSuite();

describe('a comparison of traces', () => {
  let place = '';
  beforeAll(() => {
    // A place of the machine that no sandbox shows: /tmp is the build's own.
    place = mkdtempSync('/var/tmp/strata-compared-');
  });
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  test('has the library that only one found first, with both search paths', async () => {
    const { directory } = served().files;
    const driver = join(place, 'lib');
    const made = spawnSync(join(directory, 'examples/missing-library/install-driver.sh'), [driver]);
    expect(made.status).toBe(0);
    const target = join(directory, 'compared.nix');
    const example = `import ./examples/missing-library { driverDirectory = "${driver}"; }`;
    writeFileSync(target, `${example}\n`);

    const window = await show(target);
    const { page } = window;
    await page.getByRole('button', { name: /^Options/ }).click();
    await page.getByRole('switch', { name: /^Trace libraries/ }).click();
    await page.keyboard.press('Escape');
    await build(window, 'checkPhase, failed');
    await page.getByRole('button', { name: /^Options/ }).click();
    await page.getByRole('textbox', { name: /^Host paths/ }).fill(driver);
    await page.keyboard.press('Escape');
    await build(window, 'checkPhase, succeeded');

    await window.phase('checkPhase, failed').first().click();
    const libraries = window.pane('Libraries');
    await libraries.getByRole('button', { name: 'Libraries', exact: true }).click();
    await libraries.getByRole('button', { name: 'Compare', exact: true }).click();
    await page
      .getByRole('menuitem', { name: /^checkPhase, succeeded/ })
      .first()
      .click();
    const first = libraries.getByRole('option', { selected: true });
    await first.getByText('libstrata-driver.so.1').waitFor();
    await first.getByText('found there alone').waitFor();
    const rows = libraries.getByRole('group', { name: 'Chosen difference' }).getByRole('row');
    expect(await rows.nth(1).getByRole('cell').allTextContents()).toStrictEqual([
      'not found',
      `${driver}/libstrata-driver.so.1`,
    ]);
    expect(await rows.nth(2).getByRole('cell').allTextContents()).toStrictEqual([
      `RUNPATH${driver}does not exist`,
      `RUNPATH${driver}found here`,
    ]);

    await libraries.getByRole('button', { name: 'End the comparison' }).click();
    await libraries.getByRole('tree', { name: 'Processes' }).waitFor();
  });
});
