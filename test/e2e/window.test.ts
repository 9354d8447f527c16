// The window in a real browser, on a real engine: what a person does with it.
import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, test } from 'vitest';
import { type PaneName } from './served-window.ts';
import { build, windowSuite } from './window-suite.ts';

const { served, show } = windowSuite();

describe('the window', () => {
  test('offers the examples, and opens the one that is chosen', async () => {
    const window = await show();
    await window.page.getByRole('button', { name: /^hello/ }).click();
    await window.phase('unpackPhase, to run').waitFor();
    await window.pane('Derivation editor').getByText('stdenv.mkDerivation').waitFor();
  });

  test('has each pane as a region of its name', async () => {
    const window = await show(served().example('hello'));
    const names: PaneName[] = [
      'Derivation editor',
      'Phase timeline',
      'Snapshot browser',
      'Shell',
      'Libraries',
      'Log',
    ];
    for (const name of names) await window.pane(name).waitFor();
    expect(await window.page.getByRole('region').count()).toBe(names.length);
  });

  test('builds, and shows of each phase the log and what it changed', async () => {
    const window = await show(served().example('hello'));
    await build(window, 'installCheckPhase, succeeded');
    await window.phase('installPhase, succeeded').click();
    await window.pane('Log').getByText('Running phase: installPhase').waitFor();
    await window.pane('Snapshot browser').getByText('README').first().waitFor();
  });

  test('pauses a run at a breakpoint, where a shell opens, and goes on', async () => {
    const window = await show(served().example('hello'));
    const { page } = window;
    await window.phase('installPhase').first().click({ button: 'right' });
    await page.getByRole('menuitemcheckbox', { name: 'Break before' }).click();
    await window.phase('installPhase, .*breakpoint before').first().waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const news = page.getByRole('alert').filter({ hasText: 'Paused before installPhase' });
    await window.pane('Phase timeline').getByText('before install,').waitFor();
    await news.getByRole('button', { name: 'Open shell' }).click();
    await window.pane('Shell').getByText('/build').first().waitFor();
    await page.getByRole('banner').getByRole('button', { name: 'Continue' }).click();
    await window.phase('installPhase, (succeeded|reused)').first().waitFor();
    await news.waitFor({ state: 'detached' });
  });

  test('opens a target where it was left', async () => {
    served().files.run('run', served().example('structured'));
    const window = await show(served().example('structured'));
    const chosen = window.page.getByRole('group', { name: 'Chosen phase' });
    await chosen.getByText('succeeded').waitFor();
    const phase = (await chosen.getByRole('strong').textContent()) ?? '';
    await window.pane('Log').getByText(`Running phase: ${phase}`).waitFor();
    const state = window.pane('Snapshot browser').getByRole('combobox', { name: 'Compare to' });
    expect(await state.textContent()).toBe(phase);
  });

  test('opens a failed phase at its error, with a shell one click away', async () => {
    const window = await show(served().example('install-fails'));
    await build(window, 'installPhase, failed');
    await window.pane('Log').getByText('cannot create regular file').waitFor();
    await window.page.getByRole('button', { name: 'Open shell at the failure' }).click();
    const shell = window.pane('Shell');
    await shell.getByText('/build/src').first().waitFor();
    await window.page.keyboard.type('echo $((6 * 7))\n');
    await shell.getByText('42', { exact: true }).first().waitFor();
  });

  test('loses no shell when it is loaded anew', async () => {
    const window = await show(served().example('install-fails'));
    await build(window, 'installPhase, failed');
    await window.page.getByRole('button', { name: 'Open shell at the failure' }).click();
    const shell = window.pane('Shell');
    await shell.getByText('/build/src').first().waitFor();
    await window.page.keyboard.type('touch new; echo $((6 * 9))\n');
    await shell.getByText('54', { exact: true }).first().waitFor();
    await window.page.reload();
    await shell.getByText('54', { exact: true }).first().waitFor();
    // In a small window the panes stand otherwise, and are made anew.
    await window.page.setViewportSize({ width: 1000, height: 950 });
    await shell.getByRole('button', { name: 'Shell', exact: true }).click();
    await shell.getByText('54', { exact: true }).first().waitFor();
    await shell.getByRole('textbox', { name: 'Terminal' }).last().focus();
    await window.page.keyboard.type('ls\n');
    await shell
      .getByText(/\bnew\b.*primes/)
      .first()
      .waitFor();
    await shell
      .getByRole('button', { name: /^Close/ })
      .first()
      .click();
    await window.page.getByRole('dialog').getByText('1 added').waitFor();
  });

  test.each(['light', 'dark'] as const)('can be used by everyone, %s', async (colorScheme) => {
    const window = await show(served().example('install-fails'), { colorScheme });
    await window.phase('installPhase, failed').first().waitFor();
    await window.pane('Derivation editor').getByText('stdenv.mkDerivation').waitFor();
    const { violations } = await new AxeBuilder({ page: window.page }).analyze();
    expect(
      violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) })),
    ).toStrictEqual([]);
  });
});
