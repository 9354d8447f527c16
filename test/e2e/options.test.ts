// How a run goes: what is set for it, what becomes of a failure that is held, where it ends early and what it begins from.
import { describe, expect, test } from 'vitest';
import type { Locator } from 'playwright-core';
import { PATIENCE_MS, type SeenWindow } from './served-window.ts';
import { build, fromPalette, windowSuite } from './window-suite.ts';

const { served, show } = windowSuite();

function targetOf(name: string, attributes: string): string {
  const { files } = served();
  return `${files.directory}/${files.write(name, attributes)}`;
}

/** Runs of the timeline by what is said of them: `failed`. */
function lane(window: SeenWindow, state: string): Locator {
  return window
    .pane('Phase timeline')
    .getByRole('listitem', { name: new RegExp(`^Run [^,]+, ${state}, `) });
}

async function openOptions({ page }: SeenWindow): Promise<Locator> {
  await page.getByRole('button', { name: /^Options/ }).click();
  const options = page.getByRole('dialog', { name: 'Options of the run' });
  await options.waitFor();
  return options;
}

describe('a failure that is held', () => {
  test('is a failure already, waits with its sandbox, and ends when it is told to', async () => {
    const window = await show(
      targetOf('held', 'buildPhase = "mkdir inside; cd inside; echo no such thing; false";'),
    );
    const { page } = window;
    const options = await openOptions(window);
    await options.getByRole('switch', { name: 'Hold on failure' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Options, 1 changed' }).waitFor();

    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const banner = page.getByRole('alert').filter({ hasText: 'buildPhase failed.' });
    await banner.getByText('Its sandbox waits').waitFor();
    await window.phase('buildPhase, failed').waitFor();
    const waiting = lane(window, 'paused at the failure of buildPhase');
    await waiting.getByText('Paused').waitFor();
    expect(await waiting.getByRole('progressbar').count()).toBe(0);

    await banner.getByRole('button', { name: 'Open a shell in it' }).click();
    const shell = window.pane('Shell');
    await shell.getByRole('tab', { name: 'buildPhase (held)' }).waitFor();
    await shell.getByText('/build/inside').first().waitFor();
    await shell.getByRole('textbox', { name: 'Terminal' }).focus();
    await page.keyboard.type('touch mended; echo was $(ls) > /proc/1/fd/2\n');
    await window.pane('Log').getByText('was mended', { exact: true }).waitFor();

    await banner.getByRole('button', { name: 'End', exact: true }).click();
    await lane(window, 'failed').waitFor();
    // The shell ends with the sandbox; there is nothing of it to keep.
    await shell.getByText(/^The shell ended with status \d+\.$/).waitFor();
    await shell.getByRole('button', { name: /^Close/ }).click();
    await banner.waitFor({ state: 'detached' });
    await window.phase('buildPhase, failed').waitFor();
    await window.phase('installPhase, not run').waitFor();
    expect(await window.pane('Phase timeline').getByRole('progressbar').count()).toBe(0);
    await window.pane('Log').getByText('no such thing').waitFor();
  });
});

describe('variables', () => {
  test('reach the build, and a line that is none is named', async () => {
    const window = await show(targetOf('variable', 'buildPhase = "echo it is $WEATHER today";'));
    const { page } = window;
    const options = await openOptions(window);
    const variables = options.getByRole('textbox', { name: 'Variables' });
    await variables.fill('WEATHER=quite sunny\nNONSENSE');
    await options.getByText('NONSENSE has no =: NONSENSE=VALUE sets it.').waitFor();
    expect(await variables.getAttribute('aria-invalid')).toBe('true');
    // What is good of it counts.
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Options, 1 changed' }).waitFor();

    await build(window, 'buildPhase, succeeded');
    await lane(window, 'succeeded').waitFor();
    await window.phase('buildPhase, succeeded').first().click();
    await window.pane('Log').getByText('it is quite sunny today', { exact: true }).waitFor();
  });
});

describe('a run', () => {
  test('ends at a breakpoint, and says where it ended', async () => {
    const window = await show(targetOf('ended', 'buildPhase = "echo built";'));
    const { page } = window;
    await window.phase('installPhase').first().click({ button: 'right' });
    await page.getByRole('menuitemcheckbox', { name: 'Break before' }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const news = page.getByRole('alert').filter({ hasText: 'Paused before installPhase' });
    await news.getByRole('button', { name: 'End here' }).click();
    await news.waitFor({ state: 'detached' });

    const ended = lane(window, 'succeeded before installPhase');
    await ended.getByText(/^ended before install,/).waitFor();
    await ended.getByRole('button', { name: /^buildPhase, succeeded/ }).waitFor();
    await ended.getByRole('button', { name: /^installPhase, skipped/ }).waitFor();
  });

  test('begins from what was kept of a shell, by its name', async () => {
    const window = await show(targetOf('kept', 'buildPhase = "echo built"; preFixup = "ls";'));
    const { page } = window;
    await build(window, 'fixupPhase, succeeded');
    await lane(window, 'succeeded').waitFor();
    await window.phase('buildPhase, succeeded').first().click();
    const shell = window.pane('Shell');
    await page
      .getByRole('group', { name: 'Chosen phase' })
      .getByRole('button', { name: 'Open shell' })
      .click();
    await shell.getByText('/build').first().waitFor();
    await page.keyboard.type('touch made-by-hand; echo $((6 * 7))\n');
    await shell.getByText('42', { exact: true }).first().waitFor();

    await shell.getByRole('button', { name: /^Close/ }).click();
    const question = page.getByRole('dialog', { name: 'Keep what the shell changed?' });
    await question.getByRole('radio', { name: 'Keep as a snapshot' }).click();
    await question.getByRole('textbox', { name: 'Name of the snapshot' }).fill('with-hands');
    await question.getByRole('button', { name: 'Keep and close' }).click();
    await page.getByText('Kept as with-hands: the palette').waitFor();

    await fromPalette(window, 'from with-hands');
    await expect.poll(() => lane(window, 'succeeded').count(), { timeout: PATIENCE_MS }).toBe(2);
    const newest = lane(window, 'succeeded').first();
    await newest.getByRole('button', { name: /^fixupPhase, succeeded/ }).click();
    await window.pane('Log').getByText('made-by-hand').waitFor();
    expect(await newest.getByRole('button', { name: /^buildPhase, succeeded/ }).count()).toBe(0);
  });
});
