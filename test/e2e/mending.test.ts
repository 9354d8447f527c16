// What a packager does all day: a phase fails, its code is mended, and the build goes on from there.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PATIENCE_MS } from './served-window.ts';
import { build, windowSuite } from './window-suite.ts';

const { served, show } = windowSuite();

describe('mending a package', () => {
  test('edits the phase that failed, saves, and runs only from there', async () => {
    const file = served().example('install-fails');
    const window = await show(file);
    const { page } = window;
    await build(window, 'installPhase, failed');
    await window.pane('Log').getByText('cannot create regular file').waitFor();

    await window
      .pane('Derivation editor')
      .locator('.view-line', { hasText: 'install -m 755' })
      .click();
    await page.keyboard.press('Home');
    await page.keyboard.press('Control+ArrowRight');
    await page.keyboard.type(' -D');
    await page.keyboard.press('Control+s');
    await expect
      .poll(() => readFileSync(file, 'utf8'), { timeout: PATIENCE_MS })
      .toContain('    install -D -m 755 primes $out/bin/primes\n');

    await window.phase('checkPhase, to be reused').waitFor();
    await window.phase('installPhase, to run').waitFor();
    await build(window, 'installPhase, succeeded');
    await window.phase('installCheckPhase, (succeeded|skipped)').first().waitFor();
    for (const phase of ['unpackPhase', 'configurePhase', 'buildPhase', 'checkPhase']) {
      await window.phase(`${phase}, reused`).waitFor();
    }
  });

  test('compares a text that a phase changed, line by line', async () => {
    const window = await show(served().example('hello'));
    await build(window, 'installCheckPhase, succeeded');
    await window.phase('patchPhase, succeeded').click();
    const snapshots = window.pane('Snapshot browser');
    await snapshots.getByRole('treeitem', { name: /\.c, modified/ }).click();
    await snapshots.locator('.monaco-diff-editor .line-insert').first().waitFor();
  });
});
