// The Libraries pane: why a program did not find its driver, from a failed test to the directory that is not there.
import { describe, expect, test } from 'vitest';
import { build, windowSuite } from './window-suite.ts';

const { served, show } = windowSuite();

describe('the Libraries pane', () => {
  test('traces a failed phase, and names the directory that was not there', async () => {
    const window = await show(served().example('missing-library'));
    const { page } = window;
    await build(window, 'checkPhase, failed');
    const libraries = window.pane('Libraries');
    await libraries.getByRole('button', { name: 'Libraries', exact: true }).click();
    await libraries.getByText('checkPhase was not traced').waitFor();
    await libraries.getByRole('button', { name: 'Run checkPhase traced' }).click();

    // The process that missed something is the one that is shown.
    const chosen = libraries.getByRole('treeitem', { selected: true });
    await chosen.getByText('1 missing').waitFor();
    expect(await chosen.textContent()).toContain('render');
    const lookup = libraries.getByRole('listitem').filter({ hasText: 'libstrata-driver.so.1' });
    await lookup.first().getByText('not found').waitFor();
    await lookup.getByText('/run/strata-driver/lib', { exact: true }).waitFor();
    await lookup.getByText('does not exist here').waitFor();

    await libraries.getByText('Programs that told nothing').waitFor();
    const processes = libraries.getByRole('treeitem');
    expect(await processes.count()).toBeGreaterThan(1);
    await libraries.getByRole('switch', { name: 'Only missing' }).click();
    await libraries.getByRole('status').getByText('1 process', { exact: true }).waitFor();
    expect(await processes.count()).toBe(1);

    // From what was not found to the line of the log that says so, and to the derivation.
    await lookup.getByRole('button', { name: 'Find it in the log' }).click();
    const log = window.pane('Log');
    await log.getByText('1 of 1 lines').waitFor();
    expect(await log.locator('.log-row-current').textContent()).toContain('failed to load driver');
    await lookup.getByRole('button', { name: 'Show the inputs in the editor' }).click();
    const editor = window.pane('Derivation editor');
    await editor.getByRole('tab', { name: 'default.nix', selected: true }).waitFor();
    await page.keyboard.press('Control+F6');

    // The phases that were reused for it were not traced.
    await window.phase('buildPhase, reused').first().click();
    await libraries.getByText('buildPhase was not traced').waitFor();
    expect(await page.getByRole('region').count()).toBe(6);
  });

  test('traces the system calls of a failed phase, and lists the files that were missing', async () => {
    const window = await show(served().example('missing-library'));
    const { page } = window;
    await build(window, 'checkPhase, failed');
    const libraries = window.pane('Libraries');
    await libraries.getByRole('button', { name: 'Libraries', exact: true }).click();
    await libraries.getByRole('tab', { name: 'System calls' }).click();
    await libraries.getByText('checkPhase was not traced').waitFor();
    await libraries.getByRole('button', { name: 'Run checkPhase traced' }).click();

    const missing = libraries.getByRole('listbox', { name: 'Missing files' });
    const driver = missing.getByRole('option').filter({ hasText: '/run/strata-driver/lib' });
    await driver.first().waitFor();
    await driver.first().click();
    const chosen = libraries.getByRole('group', { name: 'Chosen entry' });
    await chosen.getByText('/run/strata-driver/lib', { exact: true }).waitFor();
    expect(await chosen.textContent()).toContain('by render');
    // What enters the sandbox is no part of the build.
    await libraries.getByRole('radio', { name: /^Elsewhere/ }).click();
    const elsewhere = libraries.getByRole('listbox', { name: 'Missing here, found elsewhere' });
    await elsewhere.getByRole('option').first().waitFor();
    expect(await libraries.getByText('bwrap').count()).toBe(0);

    await libraries.getByRole('radio', { name: /^Missing/ }).click();
    await libraries.getByRole('textbox', { name: /^Filter/ }).fill('libstrata-driver');
    await libraries
      .getByRole('status')
      .getByText(/^\d+ of \d+$/)
      .waitFor();
    expect(await missing.getByRole('option').count()).toBeGreaterThan(0);
    await libraries.getByRole('textbox', { name: /^Filter/ }).fill('');

    await libraries.getByRole('radio', { name: /^Outside/ }).click();
    await libraries.getByRole('option').filter({ hasText: 'libc.so.6' }).first().waitFor();
    await libraries.getByRole('img', { name: /: found \d+, .* not found \d+, / }).waitFor();

    // The process that failed first, with what it missed.
    await libraries.getByRole('radio', { name: /^Processes \d+/ }).click();
    const tree = libraries.getByRole('tree', { name: 'Processes' });
    const failed = tree.getByRole('treeitem', { selected: true });
    await failed.getByText(/exit status \d+, \d+ missing/).waitFor();
    expect(await failed.textContent()).toContain('render');
    await libraries
      .getByRole('group', { name: 'Chosen process' })
      .getByText('/run/strata-driver/lib', { exact: true })
      .waitFor();
    await failed.click();
    await page.keyboard.press('Home');
    await tree.locator('[aria-level="1"]').waitFor();
    const count = await tree.getByRole('treeitem').count();
    await failed.click();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    await tree.locator('[aria-expanded="false"]').waitFor();
    expect(await tree.getByRole('treeitem').count()).toBeLessThan(count);

    // Libraries were not traced in that run.
    await libraries.getByRole('tab', { name: 'Libraries' }).click();
    await libraries.getByText('checkPhase was not traced').waitFor();
    expect(await page.getByRole('region').count()).toBe(6);
  });
});
