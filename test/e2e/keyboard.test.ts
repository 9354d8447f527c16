// The window without a mouse: every step is a key.
import { describe, expect, test } from 'vitest';
import type { Locator } from 'playwright-core';
import { PATIENCE_MS, type SeenWindow } from './served-window.ts';
import { windowSuite } from './window-suite.ts';

const { served, show } = windowSuite();

/** More stops of Tab than the window has. */
const MOST_STOPS = 120;

/** Presses a key until something has the focus. */
async function pressUntil({ page }: SeenWindow, key: string, wanted: Locator): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press(key);
    if (await hasFocus(wanted)) return;
  }
  throw new Error(`${key} does not lead to ${String(wanted)}`);
}

async function hasFocus(locator: Locator): Promise<boolean> {
  return (await locator.and(locator.page().locator(':focus')).count()) === 1;
}

async function focused(locator: Locator): Promise<void> {
  await expect.poll(() => hasFocus(locator), { timeout: PATIENCE_MS }).toBe(true);
}

describe('the keyboard alone', () => {
  test('leads from the welcome view to a finished build, its log and its files', async () => {
    const window = await show();
    const { page } = window;
    const example = page.getByRole('button', { name: /^hello/ });
    await example.waitFor();
    await pressUntil(window, 'Tab', example);
    await page.keyboard.press('Enter');
    await window.phase('unpackPhase, to run').waitFor();
    await page.keyboard.press('Control+Enter');
    await window.phase('installCheckPhase, succeeded').first().waitFor();

    // Not with Tab, which is the editor's own once it stands there.
    const timeline = window.pane('Phase timeline');
    await pressUntil(window, 'F6', timeline);
    await pressUntil(window, 'Tab', timeline.locator('button[data-phase][tabindex="0"]'));
    await page.keyboard.press('Home');
    await focused(window.phase('unpackPhase, succeeded'));
    await page.keyboard.press('ArrowRight');
    await focused(window.phase('patchPhase, succeeded'));
    await page.keyboard.press('Enter');
    const log = window.pane('Log');
    await log.getByText('Running phase: patchPhase').waitFor();

    await page.keyboard.press('Alt+3');
    await focused(log.getByRole('log', { name: 'Lines of the log' }));
    await page.keyboard.press('Control+f');
    await page.keyboard.type('greet');
    await log
      .getByRole('status')
      .getByText(/\d lines?$/)
      .waitFor();
    await page.keyboard.press('Enter');
    await log.locator('.log-row-current').getByText('greet').first().waitFor();
    await page.keyboard.press('Escape');

    await page.keyboard.press('Alt+5');
    const tree = window.pane('Snapshot browser').getByRole('tree');
    await pressUntil(window, 'Tab', tree);
    await page.keyboard.press('*');
    await page.keyboard.press('End');
    await window
      .pane('Snapshot browser')
      .locator('.monaco-diff-editor .line-insert')
      .first()
      .waitFor();
  });

  test('does nothing behind the palette, and stays in a pane that fills the window', async () => {
    const { files } = served();
    const target = files.write('quiet', 'buildPhase = "true";');
    const window = await show(`${files.directory}/${target}`);
    const { page } = window;
    await window.phase('buildPhase, to run').waitFor();
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog');
    await palette.waitFor();
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Control+k');
    await palette.waitFor({ state: 'detached' });
    expect(await window.phase('buildPhase, to run').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Stop' }).count()).toBe(0);

    const timeline = window.pane('Phase timeline');
    const heading = timeline.getByRole('heading', { name: 'Phase timeline' });
    await heading.getByRole('button').focus();
    await timeline.getByRole('button', { name: 'Maximise Phase timeline' }).click();
    await pressUntil(window, 'F6', page.getByRole('combobox', { name: 'Target' }));
    await page.keyboard.press('F6');
    await focused(timeline);
  });
});
