// Why a test fails in the sandbox: from the failure to a run that shows the sandbox what it lacked.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { build, windowSuite } from './window-suite.ts';

const { served, show } = windowSuite();
const hasStrace = spawnSync('strace', ['-V']).status === 0;

describe('an explanation', () => {
  let place = '';
  beforeAll(() => {
    // A place of the machine that no sandbox shows: /tmp is the build's own.
    place = mkdtempSync('/var/tmp/strata-explained-');
  });
  afterAll(() => rmSync(place, { recursive: true, force: true }));
  beforeEach((context) => {
    if (!hasStrace) context.skip('there is no strace');
  });

  test('names the driver, has seen it help, and runs the rest of the build with it', async () => {
    const { directory } = served().files;
    const driver = join(place, 'lib');
    const made = spawnSync(join(directory, 'examples/missing-library/install-driver.sh'), [driver]);
    expect(made.status).toBe(0);
    const target = join(directory, 'explained.nix');
    const example = `import ./examples/missing-library { driverDirectory = "${driver}"; }`;
    writeFileSync(target, `${example}\n`);

    const window = await show(target);
    const { page } = window;
    await build(window, 'checkPhase, failed');
    await page.getByRole('button', { name: 'Explain', exact: true }).click();
    const libraries = window.pane('Libraries');
    await libraries
      .getByText(`checkPhase succeeds with ${driver} in view, and fails without.`)
      .waitFor();
    const card = libraries.getByRole('listitem').filter({ hasText: driver }).first();
    await card.getByText('with it the phase succeeds').waitFor();
    await card.getByText(`for now: strata run --bind ${driver}`).waitFor();

    // The runs that tried it are nobody's builds.
    const lanes = window.pane('Phase timeline').getByRole('listitem', { name: /^Run / });
    expect(await lanes.count()).toBe(1);

    await card.getByRole('button', { name: 'Run with this path' }).click();
    await window.phase('fixupPhase, succeeded').first().waitFor();
    await window.phase('checkPhase, succeeded').first().waitFor();
    // What was compiled is gone on from.
    await window.phase('buildPhase, skipped').first().waitFor();

    // It is traced as it ran: with the driver in view. So a good run can be laid beside a bad one.
    await window.phase('checkPhase, succeeded').first().click();
    await libraries.getByRole('tab', { name: 'Libraries' }).click();
    await libraries.getByRole('button', { name: 'Run checkPhase traced' }).click();
    await libraries.getByRole('treeitem').filter({ hasText: 'render' }).click();
    const lookups = libraries.getByRole('group', { name: 'Lookups' });
    await lookups.getByText(`${driver}/libstrata-driver.so.1`).first().waitFor();
  });
});
