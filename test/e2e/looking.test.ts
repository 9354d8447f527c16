// What a build made, looked at: pictures, programs and texts as what they are, and taken out of the window byte for byte.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Locator } from 'playwright-core';
import { build, windowSuite } from './window-suite.ts';
import type { SeenWindow } from './served-window.ts';

const { served, show } = windowSuite();

/** Three pixels by two, all of one colour. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR42mNQSVsFQQxwFgBFIAc5y30t6wAAAABJRU5ErkJggg==',
  'base64',
);

const POEM = ['A line that stays.', 'A line that goes.', 'A last line.'].join('\n');

/** The sources of a package with a file of each kind; gives the target. */
function packageOf(name: string): { readonly target: string; readonly poem: string } {
  const { files } = served();
  const sources = `${files.directory}/${name}`;
  mkdirSync(`${sources}/sources`, { recursive: true });
  writeFileSync(`${sources}/sources/picture.png`, PICTURE);
  writeFileSync(`${sources}/sources/poem.txt`, `${POEM}\n`);
  writeFileSync(
    `${sources}/sources/main.c`,
    '#include <stdio.h>\nint main(void) { return puts("yes") < 0; }\n',
  );
  const target = `${sources}/default.nix`;
  writeFileSync(
    target,
    `let stdenv = import ../host-stdenv { }; in stdenv.mkDerivation {
  name = "${name}";
  src = ./sources;
  buildPhase = "cc -o program main.c -Wl,-rpath,/nowhere";
  installPhase = ''
    mkdir -p $out/bin
    cp program $out/bin/
    cp picture.png poem.txt $out/
  '';
}`,
  );
  return { target, poem: `${sources}/sources/poem.txt` };
}

/** A window in which the package was built and what its installPhase did is shown. */
async function showBuilt(...given: Parameters<typeof show>): Promise<SeenWindow> {
  const window = await show(...given);
  await build(window, 'fixupPhase, succeeded');
  await window.page
    .getByRole('status', { name: 'How the run ended' })
    .getByText('The run succeeded')
    .waitFor();
  await window.phase('installPhase, succeeded').first().click();
  return window;
}

/** Selects a file of the tree, of several the installed one, which comes last; gives where it is shown. */
async function choose(window: SeenWindow, row: RegExp): Promise<Locator> {
  const snapshots = window.pane('Snapshot browser');
  await snapshots.getByRole('button', { name: 'Expand all' }).click();
  await snapshots.getByRole('treeitem', { name: row }).last().click();
  return snapshots.getByRole('region', { name: 'Selected file' });
}

describe('a file that a phase made', () => {
  test('is shown as the picture or the program that it is', async () => {
    const window = await showBuilt(packageOf('kinds').target);

    const picture = await choose(window, /^picture\.png, added/);
    await picture.getByRole('img', { name: /picture\.png$/ }).waitFor();
    // Only what could be drawn has a size in pixels.
    await picture.getByText('3 × 2').waitFor();

    const program = await choose(window, /program, added/);
    const section = program.getByRole('table', { name: /^Dynamic section of .*program$/ });
    const needed = section.getByRole('row', { name: /^Needed libraries/ });
    await needed.getByText('libc.so.6', { exact: true }).waitFor();
    const interpreter = section.getByRole('row', { name: /^Interpreter/ });
    expect(await interpreter.getByRole('cell').textContent()).toMatch(/^\/.*\/ld-linux[^/]*\.so/);
    // Worked out from the files of the state: what it needs would be found, and a directory it names is not there.
    await needed.getByText(/^\/.*\/libc\.so\.6, system$/).waitFor();
    await program.getByText(/^R(?:UN)?PATH has \/nowhere, which does not exist$/).waitFor();
  });

  test('can be saved as the very bytes, and its path be copied', async () => {
    const window = await showBuilt(packageOf('saved').target, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const { page } = window;
    const picture = await choose(window, /^picture\.png, added/);
    const beginning = page.waitForEvent('download');
    await picture.getByRole('button', { name: 'Save as …' }).click();
    const download = await beginning;
    expect(download.suggestedFilename()).toBe('picture.png');
    expect(readFileSync(await download.path())).toStrictEqual(PICTURE);

    await picture.getByRole('button', { name: 'Copy the path' }).click();
    await page.getByText('The path is on the clipboard.').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(
      /^\/nix\/store\/[a-z0-9]{32}-saved\/picture\.png$/,
    );
  });
});

describe('what ran before', () => {
  test('is compared with a phase of a later run, line by line', async () => {
    const { target, poem } = packageOf('compared');
    const window = await showBuilt(target);
    const { page } = window;
    writeFileSync(poem, readFileSync(poem, 'utf8').replace('that goes', 'that came'));
    await page.getByRole('button', { name: 'More of the timeline' }).click();
    await page.getByRole('menuitem', { name: 'Read plan and runs again' }).click();
    await window.phase('unpackPhase, to run').waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await window.phase('unpackPhase, to be reused').waitFor();

    await window.phase('installPhase, succeeded').first().click({ button: 'right' });
    // By keys: a pointer that jumps is not seen to be on its way to the submenu, which closes then.
    await page.getByRole('menuitem', { name: 'Compare with…' }).press('ArrowRight');
    await page.getByRole('menuitem', { name: /^installPhase of the run/ }).press('Enter');

    const file = await choose(window, /poem\.txt, modified/);
    // The pane is narrow: what was there stands above what is there now.
    await file.locator('.line-delete .view-line', { hasText: 'A line that goes.' }).waitFor();
    await file.locator('.view-line', { hasText: 'A line that came.' }).waitFor();
    // The picture is in both, and the same.
    expect(
      await window
        .pane('Snapshot browser')
        .getByRole('treeitem', { name: /picture/ })
        .count(),
    ).toBe(0);
  });

  test('is exported as a Chrome trace, with an event for each phase', async () => {
    const window = await showBuilt(packageOf('traced').target);
    const { page } = window;
    const lane = window.pane('Phase timeline').getByRole('listitem', { name: /^Run / });
    expect(await lane.count()).toBe(1);
    const blocks = await lane.locator('[data-phase]').all();
    const phases = await Promise.all(blocks.map(async (block) => block.getAttribute('data-phase')));
    expect(phases).toContain('installPhase');

    await page.getByRole('button', { name: 'More of the timeline' }).click();
    const beginning = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Export as Chrome trace' }).click();
    const download = await beginning;
    expect(download.suggestedFilename()).toBe('strata-runs.trace.json');
    const { traceEvents } = JSON.parse(readFileSync(await download.path(), 'utf8')) as {
      readonly traceEvents: readonly { readonly ph: string; readonly name: string }[];
    };
    const complete = traceEvents.filter(({ ph }) => ph === 'X');
    expect(complete.map(({ name }) => name)).toStrictEqual(phases);
  });
});
