// The engine dies in the middle of a build: the window says so, and what was finished is there for the next engine.
import { describe, expect, test } from 'vitest';
import { build, windowSuite } from './window-suite.ts';

const { served, show } = windowSuite();

describe('an engine that is killed', () => {
  test('is said to be gone, and leaves every finished phase to the next one', async () => {
    const { files } = served();
    const target = files.write(
      'killed',
      `configurePhase = "echo from configure > configured"; buildPhase = "echo it begins; sleep 600";`,
    );
    const file = `${files.directory}/${target}`;
    const window = await show(file);
    await window.page.getByRole('button', { name: 'Run', exact: true }).click();
    await window.pane('Log').getByText('it begins').waitFor();
    await served().kill();
    const { page } = window;
    await page.getByRole('alert').getByText('The engine is gone.').waitFor();
    await page.getByText('Start strata serve again').waitFor();
    await page.getByText('the engine ended while this run was going on').waitFor();
    await window.phase('buildPhase, stopped').waitFor();
    await page.context().close();
    // Browsers tell of each attempt to connect again; nothing else may have gone wrong.
    expect(
      window.complaints.splice(0).filter((said) => !said.startsWith('WebSocket connection')),
    ).toStrictEqual([]);

    await served().startAgain();
    files.edit(target, 'sleep 600', 'true');
    const next = await show(file);
    await next.phase('configurePhase, to be reused').waitFor();
    await build(next, 'buildPhase, succeeded');
    await next.phase('configurePhase, reused').waitFor();
    await next.phase('configurePhase, succeeded').waitFor();
    await next.phase('installPhase, succeeded').waitFor();
  });
});
