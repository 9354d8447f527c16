// A nix-shell in a terminal tab: its phases in their order, run by a click.
import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { fromPalette, windowSuite } from './window-suite.ts';

const { served, show } = windowSuite();

describe('a nix-shell', () => {
  test('runs phases by a click, shows which have succeeded, and outlives a reload', async () => {
    const window = await show(served().example('hello'));
    const { page } = window;
    const pane = window.pane('Shell');
    await pane.getByRole('button', { name: 'Shell', exact: true }).click();
    await pane.getByRole('button', { name: 'Open a nix-shell' }).click();
    await pane.getByRole('tab', { name: 'nix-shell hello-1.0' }).waitFor();
    const phases = pane.getByRole('group', { name: 'Phases' });
    await phases.getByRole('button', { name: 'Run unpackPhase, not run here yet' }).click();
    await phases.getByRole('button', { name: 'Run unpackPhase, succeeded here' }).waitFor();
    await phases.getByRole('button', { name: 'Run distPhase, passed over by a build' }).waitFor();
    await phases.getByRole('button', { name: 'All left' }).click();
    await phases.getByRole('button', { name: 'Run installCheckPhase, succeeded here' }).waitFor();

    await page.reload();
    await pane.getByRole('tab', { name: 'nix-shell hello-1.0' }).waitFor();
    await phases.getByRole('button', { name: 'Run buildPhase, succeeded here' }).waitFor();
    // It has no layer: there is nothing to decide about.
    await pane.getByRole('button', { name: 'Close nix-shell hello-1.0' }).click();
    await pane.getByText('No shell is open').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);

    await fromPalette(window, 'pure nix-shell');
    await pane.getByRole('tab', { name: 'nix-shell hello-1.0 (pure)' }).waitFor();
    // It has a directory of its own.
    await phases.getByRole('button', { name: 'Run fixupPhase, not run here yet' }).waitFor();
    await pane.getByRole('button', { name: 'Close nix-shell hello-1.0 (pure)' }).click();
    await fromPalette(window, 'Open a nix-shell');
    // The directory is kept.
    await phases.getByRole('button', { name: 'Run fixupPhase, succeeded here' }).waitFor();
    await pane.getByRole('button', { name: 'Close nix-shell hello-1.0' }).click();
    await pane.getByText('No shell is open').waitFor();
  });

  test('a click runs nothing of what is half typed, and nothing while a program reads', async () => {
    const { page, shell, screen } = await opened('install-fails');
    const unpack = shell.getByRole('button', { name: /^Run unpackPhase/ });
    // What differs from a build is in view.
    await screen.getByText('No sandbox: ').waitFor();
    await page.keyboard.type('echo half');
    await unpack.click();
    await shell.getByRole('button', { name: 'Run unpackPhase, succeeded here' }).waitFor();
    await expect.poll(async () => screen.innerText()).toMatch(/build\/src\W+echo half\s*$/);
    await page.keyboard.type('-$((6*7))\r');
    await screen.getByText('half-42', { exact: true }).waitFor();
    expect(await screen.innerText()).not.toContain('halfrun');

    await page.keyboard.type('cat\r');
    await shell.getByText('A command runs in the terminal').waitFor();
    await expect.poll(async () => unpack.isDisabled()).toBe(true);
    await page.keyboard.press('Control+C');
    await page.keyboard.type('if true\r');
    await shell.getByText('Half a command is typed').waitFor();
    await page.keyboard.press('Control+C');
    await expect.poll(async () => unpack.isDisabled()).toBe(false);

    await shell.getByRole('button', { name: 'All left' }).click();
    await shell.getByRole('button', { name: 'Run installPhase, failed with status 1' }).waitFor();
    await shell.getByRole('button', { name: 'Run configurePhase, succeeded here' }).click();
    await shell.getByRole('button', { name: /^Run buildPhase, run before a phase/ }).waitFor();

    // Not into the sources that are there.
    await unpack.click();
    await page.getByRole('button', { name: 'Remove and unpack' }).click();
    await shell.getByRole('button', { name: 'Run buildPhase, not run here yet' }).waitFor();
    await shell.getByRole('button', { name: 'Run unpackPhase, succeeded here' }).waitFor();
    await screen
      .getByText(/build\/src\W*$/)
      .last()
      .waitFor();
    await close(shell);
  });

  test('where the window is small the phases are in a menu, and leave the lines to the terminal', async () => {
    const small = { viewport: { width: 800, height: 600 } };
    const { page, shell, screen } = await opened('hello', small);
    await expect.poll(async () => screen.innerText()).toMatch(/No sandbox: [^]*not in the store/);
    await shell.getByRole('button', { name: 'Phases' }).click();
    await page.getByRole('menuitem', { name: /^configure/ }).click();
    await screen.getByText('Running phase: configurePhase').waitFor();
    await close(shell);
  });

  test('a dependency that fails is opened as a target', async () => {
    const { files } = served();
    const target = files.write(
      'needy',
      `needs = stdenv.mkDerivation { name = "libwobble"; dontUnpack = true; buildPhase = "echo no; exit 2"; };`,
    );
    const window = await show(`${files.directory}/${target}`);
    const shell = window.pane('Shell');
    await shell.getByRole('button', { name: 'Shell', exact: true }).click();
    await shell.getByRole('button', { name: 'Open a nix-shell' }).click();
    await shell.getByRole('tab', { name: 'nix-shell needy.nix' }).waitFor();
    const output = await shell.getByLabel('Output of the tool').innerText();
    expect(output).toContain('no');
    expect(output).not.toContain('@nix');
    await shell.getByRole('button', { name: 'Open libwobble as a target' }).click();
    await window.page.getByText('libwobble.drv', { exact: true }).first().waitFor();
  });
});

/** A window with a nix-shell of an example at its prompt. */
async function opened(name: string, options: Parameters<typeof show>[1] = {}) {
  const window = await show(served().example(name), options);
  const shell = window.pane('Shell');
  await shell.getByRole('button', { name: 'Shell', exact: true }).click();
  await shell.getByRole('button', { name: 'Open a nix-shell' }).click();
  const screen = shell.locator('.xterm-accessibility-tree');
  await screen.getByText(/^nix-shell build/).waitFor();
  return { page: window.page, shell, screen };
}

/** The next window would take it up. */
async function close(shell: Locator): Promise<void> {
  await shell.getByRole('button', { name: /^Close nix-shell/ }).click();
  await shell.getByText('No shell is open').waitFor();
}
