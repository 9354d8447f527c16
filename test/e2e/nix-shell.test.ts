// A nix-shell in a terminal tab: its phases in their order, run by a click.
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
    // The directory is kept.
    await phases.getByRole('button', { name: 'Run fixupPhase, succeeded here' }).waitFor();
  });
});
