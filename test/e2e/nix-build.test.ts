// Nix itself builds the target: derivations, the log of the one that failed, the settings, and a run confirmed from scratch.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { build, fromPalette, windowSuite } from './window-suite.ts';

const { served, show } = windowSuite();

/** A package with a dependency; what is in `extra` goes into the package. */
function packageWith(name: string, dependency: string, extra: string): string {
  const target = join(served().files.directory, `${name}.nix`);
  const derive = (one: string, rest: string): string =>
    `stdenv.mkDerivation { name = "${one}"; dontUnpack = true; salt = "${target}"; ${rest} }`;
  writeFileSync(
    target,
    `let stdenv = import ./host-stdenv { };
    dependency = ${derive(`${name}-dependency`, dependency)};
    in ${derive(name, `buildInputs = [ dependency ]; ${extra}`)}`,
  );
  return target;
}

describe('a build by Nix', () => {
  test('shows its derivations, and of a dependency that fails the log, to be opened as a target', async () => {
    const target = packageWith(
      'topmost',
      'installPhase = "echo about to fail; exit 7";',
      'installPhase = "touch $out";',
    );
    const window = await show(target);
    const { page } = window;
    await page.getByRole('button', { name: 'Nix', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Build with Nix…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: /^Relaxed/ }).waitFor();
    await dialog.getByText('Nix refuses such derivations while sandbox = true').waitFor();
    await dialog.getByRole('button', { name: 'Build', exact: true }).click();

    const timeline = window.pane('Phase timeline');
    await timeline.getByText(/^Failed after/).waitFor();
    const chosen = timeline.getByRole('treeitem', { selected: true });
    expect(await chosen.getAttribute('aria-label')).toMatch(/^topmost-dependency, failed/);
    const log = window.pane('Log').getByRole('log', { name: 'Lines of the builder' });
    await log.getByText('about to fail').waitFor();
    await window
      .pane('Log')
      .getByText(/failed with exit code 7/)
      .waitFor();
    await timeline.getByRole('treeitem', { name: /^topmost, an input failed/ }).waitFor();

    await window.pane('Log').getByRole('button', { name: 'Open as a target' }).click();
    await page.getByRole('combobox', { name: 'Target' }).waitFor();
    expect(await page.getByRole('combobox', { name: 'Target' }).inputValue()).toMatch(
      /topmost-dependency\.drv$/,
    );
    await window.phase('installPhase').first().waitFor();
  });

  test('that succeeds names its outputs, and is there after a reload of the phases', async () => {
    const target = packageWith(
      'fine',
      'installPhase = "touch $out";',
      'installPhase = "echo done; touch $out";',
    );
    const window = await show(target);
    const { page } = window;
    await fromPalette(window, 'build with nix');
    await page.getByRole('dialog').getByRole('button', { name: 'Build', exact: true }).click();
    const timeline = window.pane('Phase timeline');
    await timeline.getByText(/^\/nix\/store\/.*-fine$/).waitFor();
    await timeline.getByRole('radio', { name: 'Phases' }).click();
    await window.phase('installPhase').first().waitFor();
    await timeline.getByRole('radio', { name: 'Nix' }).click();
    await timeline.getByRole('treeitem', { name: /^fine, built/ }).waitFor();
  });

  test('confirms a run that it gives the same', async () => {
    const target = packageWith(
      'confirmed',
      'installPhase = "touch $out";',
      'installPhase = "echo same > $out";',
    );
    const window = await show(target);
    const { page } = window;
    await build(window, 'fixupPhase, succeeded');
    await window.phase('installPhase, succeeded').first().click();
    await page.getByRole('button', { name: 'Nix', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Confirm the chosen run' }).click();
    const dialog = page.getByRole('dialog', { name: 'Built from scratch by Nix' });
    await dialog.getByText(/Identical: .*The result is confirmed/).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
  });
});

test('the log of a builder is searched, wrapped, gone through by its phases, copied and saved', async () => {
  const target = packageWith(
    'printing',
    'installPhase = "touch $out";',
    `buildPhase = "seq 100000; seq -s ' ' 300"; installPhase = "echo about to end; false";`,
  );
  const window = await show(target, {
    permissions: ['clipboard-read', 'clipboard-write'],
    acceptDownloads: true,
  });
  const { page } = window;
  await fromPalette(window, 'build with nix');
  await page.getByRole('dialog').getByRole('button', { name: 'Build', exact: true }).click();
  await window
    .pane('Phase timeline')
    .getByText(/^Failed after/)
    .waitFor();
  const log = window.pane('Log');
  const lines = log.getByRole('log', { name: 'Lines of the builder' });
  const row = (text: string) => lines.locator('.log-row').getByText(text, { exact: true });
  // Of what failed, one sees the end.
  await row('about to end').waitFor();

  await lines.focus();
  await page.keyboard.press('Control+f');
  const field = log.getByRole('textbox', { name: 'Search the log' });
  await field.fill('9999');
  const status = log.getByRole('status');
  await status.getByText('19 lines', { exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await lines.locator('.log-row-current .found').getByText('9999').waitFor();
  await status.getByText(/^\d+ of 19 lines$/).waitFor();
  await log.getByRole('button', { name: 'Regular expression' }).click();
  await field.fill('^5000.$');
  await status.getByText('10 lines', { exact: true }).waitFor();
  await field.press('Enter');
  await status.getByText('1 of 10 lines', { exact: true }).waitFor();
  await row('50000').waitFor();
  await field.press('Shift+Enter');
  await status.getByText('10 of 10 lines', { exact: true }).waitFor();
  await field.fill('5000(');
  await status.getByText(/Unterminated group/).waitFor();
  await field.press('Escape');

  await log.getByRole('button', { name: 'Jump to a phase' }).click();
  await page.getByRole('menuitem', { name: 'installPhase' }).click();
  await lines.locator('.log-row-current', { hasText: 'Running phase: installPhase' }).waitFor();

  const numbers = lines.locator('.log-row', { hasText: '298 299 300' });
  const height = async () => (await numbers.boundingBox())?.height ?? 0;
  await log.getByRole('button', { name: 'Wrap long lines', pressed: true }).click();
  await expect.poll(height).toBeLessThan(30);
  await log.getByRole('button', { name: 'Wrap long lines', pressed: false }).click();
  await expect.poll(height).toBeGreaterThan(30);

  const beginning = page.waitForEvent('download');
  await log.getByRole('button', { name: 'Save the log' }).click();
  const saved = await beginning;
  expect(saved.suggestedFilename()).toBe('printing.log');
  const text = readFileSync(await saved.path(), 'utf8');
  expect(text.slice(0, 15)).toBe('Running phase: ');
  expect(text.slice(text.indexOf('\n99999')).split('\n').slice(1, 3)).toStrictEqual([
    '99999',
    '100000',
  ]);
  expect(text.slice(-500)).toContain('\nRunning phase: installPhase\nabout to end\n');

  await lines.focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  await page.getByText('The selected text is on the clipboard.').waitFor();
  const copied = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(copied.split('\n')).toHaveLength(text.trimEnd().split('\n').length);
});

test('a build by Nix is held at its failure, with a shell in it, and ends when it is told to', async () => {
  const target = packageWith(
    'held',
    'installPhase = "touch $out";',
    'buildPhase = "mkdir made; cd made; echo something > here"; installPhase = "false";',
  );
  const window = await show(target);
  const { page } = window;
  await page.getByRole('button', { name: 'Nix', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Build with Nix…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('switch', { name: 'Hold on failure' }).click();
  await dialog.getByRole('button', { name: 'Build', exact: true }).click();
  const timeline = window.pane('Phase timeline');
  await timeline.getByText(/^held is paused in installPhase, exit status 1/).waitFor();
  const shell = window.pane('Shell');
  await shell.getByRole('tab', { name: 'installPhase (paused)' }).waitFor();
  await shell.getByRole('textbox', { name: 'Terminal' }).focus();
  // What it writes is where the build writes: the log of the build tells of it.
  await page.keyboard.type('cat here > /proc/1/fd/2\n');
  const log = window.pane('Log').getByRole('log', { name: 'Lines of the builder' });
  await log.getByText('something', { exact: true }).waitFor();
  await timeline
    .getByRole('treeitem', { name: /^held, building, paused in installPhase/ })
    .waitFor();

  // Another build meanwhile; the paused one is in the menu of builds, after a reload too.
  const other = packageWith(
    'beside',
    'installPhase = "touch $out";',
    'installPhase = "touch $out";',
  );
  await page.getByRole('combobox', { name: 'Target' }).fill(other);
  await page.keyboard.press('Enter');
  await fromPalette(window, 'build with nix');
  await dialog.getByRole('switch', { name: 'Hold on failure' }).click();
  await dialog.getByRole('button', { name: 'Build', exact: true }).click();
  await timeline.getByRole('treeitem', { name: /^beside, built/ }).waitFor();
  await page.reload();
  await timeline.getByText(/^held is paused in installPhase/).waitFor();
  await shell.getByRole('tab', { name: 'installPhase (paused)' }).waitFor();
  await timeline.getByRole('button', { name: /^Build by Nix: .*held/ }).click();
  await page.getByRole('menuitem', { name: /beside\.nix/ }).click();
  await timeline.getByRole('treeitem', { name: /^beside, built/ }).waitFor();
  await timeline.getByRole('button', { name: /^Build by Nix: .*beside/ }).click();
  await page.getByRole('menuitem', { name: /held\.nix/ }).click();
  await timeline.getByRole('button', { name: 'End the build', exact: true }).click();
  await timeline.getByText('The paused build has ended.').waitFor();
});
