// A million lines and a hundred thousand files: all can be reached, and the page holds only what is seen of them.
import { describe, expect, test } from 'vitest';
import { PATIENCE_MS } from './served-window.ts';
import { build, windowSuite } from './window-suite.ts';

const { served, show } = windowSuite();

/** Rows that a window of 950 pixels may hold, with those that wait just outside of it. */
const FEW_ROWS = 400;

function fileOf(name: string, attributes: string): string {
  const { files } = served();
  return `${files.directory}/${files.write(name, attributes)}`;
}

describe('what is large', () => {
  test('shows a log of a million lines, and finds one of them', async () => {
    const window = await show(
      fileOf('million-lines', `buildPhase = "seq 1000000; echo the end of the lines";`),
    );
    const { page } = window;
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const log = window.pane('Log');
    const rows = log.locator('.log-row');
    const line = (text: string) => rows.getByText(text, { exact: true });

    // It follows what is printed, and stands at the end when all is.
    await log.getByText('Whole run').click();
    await window.phase('installPhase, succeeded').first().waitFor();
    await log.getByText('Running phase: fixupPhase').waitFor();
    expect(await rows.count()).toBeLessThan(FEW_ROWS);

    await log.getByRole('log').focus();
    await page.keyboard.press('Control+Home');
    await log.getByText('Running phase: patchPhase').waitFor();
    expect(await rows.count()).toBeLessThan(FEW_ROWS);

    await page.keyboard.press('Control+f');
    await page.keyboard.type('999999');
    await log.getByRole('status').getByText('1 line', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await line('999999').waitFor();
    expect(await rows.count()).toBeLessThan(FEW_ROWS);
  });

  test('jumps far into a log whose lines wrap, and has the line in view', async () => {
    const long = 'wide '.repeat(80);
    const print = `for (i = 1; i <= 1000000; i++) print i, i % 3 ? "" : "${long}"`;
    const window = await show(
      fileOf('wrapped-lines', `buildPhase = ''awk 'BEGIN { ${print} }' '';`),
    );
    const { page } = window;
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const log = window.pane('Log');
    await log.getByText('Whole run').click();
    await window.phase('installPhase, succeeded').first().waitFor();
    await log.getByText('Running phase: fixupPhase').waitFor();
    await log.getByRole('button', { name: 'Wrap long lines', pressed: true }).waitFor();

    for (const line of ['500000', '100003', '998777']) {
      await log.getByRole('log').focus();
      await page.keyboard.press('Control+f');
      await page.keyboard.type(`${line} `);
      await log.getByRole('status').getByText('1 line', { exact: true }).waitFor();
      await page.keyboard.press('Enter');
      const row = log.locator('.log-row-current');
      await row.getByText(line).waitFor();
      const isInView = async () => {
        const view = await log.getByRole('log').boundingBox();
        const place = await row.boundingBox();
        if (view === null || place === null) return false;
        return place.y >= view.y && place.y + place.height <= view.y + view.height;
      };
      await expect.poll(isInView, { timeout: PATIENCE_MS }).toBe(true);
      await page.keyboard.press('Escape');
    }
    await log.getByRole('log').focus();
    await page.keyboard.press('Control+Home');
    await log.getByText('Running phase: patchPhase').waitFor();
  });

  test('shows a layer of a hundred thousand files, and finds one of them', async () => {
    const makeFiles =
      'for d in a b c d; do mkdir $d; (cd $d; seq -f "file-$d-%06g" 25000 | xargs touch); done';
    const window = await show(fileOf('many-files', `buildPhase = ''${makeFiles}'';`));
    const { page } = window;
    await build(window, 'buildPhase, succeeded');
    await window.phase('buildPhase, succeeded').first().click();
    const snapshots = window.pane('Snapshot browser');
    const items = snapshots.getByRole('treeitem');
    await snapshots.getByRole('tab', { name: /^Files.*100,00\d/ }).waitFor();

    await snapshots.getByRole('button', { name: 'Expand all' }).click();
    await snapshots.getByRole('tree').focus();
    await page.keyboard.press('End');
    await items.getByText('file-d-025000', { exact: true }).waitFor();
    expect(await items.count()).toBeLessThan(FEW_ROWS);

    await snapshots.getByLabel('Filter by name').fill('file-c-012345');
    await items.getByText('file-c-012345', { exact: true }).waitFor();
    await expect.poll(() => items.count(), { timeout: PATIENCE_MS }).toBeLessThan(6);
  });
});
