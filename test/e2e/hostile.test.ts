// What a build prints, and what it calls its files, is text: nothing of it becomes part of the page.
import { describe, expect, test } from 'vitest';
import { writeFileSync } from 'node:fs';
import { build, windowSuite } from './window-suite.ts';

const { served, show } = windowSuite();

/** Would leave a mark on the window where it were run, or an element where it were parsed. */
const HTML = '<img class=planted src=x onerror=planted()><script>planted()</script>';

/** A phase that prints such lines, and makes files of such names. No name holds a slash. */
const BUILD = String.raw`
echo '${HTML}'
printf '\033]0;a title\007\033[2J\033[31mred\033[0m and \033]8;;javascript:planted()\033\\a link\033]8;;\033\\\n'
printf 'right\342\200\256to left\n'
printf 'not UTF-8: \377\376 and NUL: \000.\n'
mkdir names; cd names
echo '${HTML}' > '<img class=planted src=x onerror=planted()>.html'
echo 1 > $'escape\033[31mred'
echo 2 > $'right\342\200\256gnp.exe'
echo 3 > $'line\nbreak'
echo 4 > $'bytes\377\376'
echo 5 > ' -rf $(planted) & "quoted" '
ln -s 'javascript:planted()' link
cd ..
`;

describe('what is hostile', () => {
  test('is shown as text, in the log and in the names of files', async () => {
    const { files } = served();
    writeFileSync(`${files.directory}/hostile.sh`, BUILD);
    const target = files.write('hostile', `script = ./hostile.sh; buildPhase = "source $script";`);
    const window = await show(`${files.directory}/${target}`);
    const { page } = window;
    await page.evaluate('window.planted = () => { window.wasPlanted = true }');
    const title = await page.title();
    await build(window, 'buildPhase, succeeded');
    await window.phase('fixupPhase, succeeded').first().waitFor();
    await window.phase('buildPhase, succeeded').first().click();

    const log = window.pane('Log');
    await log.getByText(HTML, { exact: true }).waitFor();
    expect(await log.locator('.log-row').allTextContents()).toStrictEqual([
      'Running phase: buildPhase',
      HTML,
      'red and a link',
      'right\\u202eto left',
      expect.stringMatching(/^not UTF-8: /),
    ]);

    const snapshots = window.pane('Snapshot browser');
    await snapshots.getByRole('button', { name: 'Expand all' }).click();
    const items = snapshots.getByRole('treeitem');
    await items.filter({ hasText: 'bytes' }).waitFor();
    expect(await items.locator('.change-name').allTextContents()).toStrictEqual([
      'build',
      'names',
      ' -rf $(planted) & "quoted" ',
      '<img class=planted src=x onerror=planted()>.html',
      'bytes\\xff\\xfe',
      'escape\\x1b[31mred',
      'line\\x0abreak',
      'link → javascript:planted()',
      'right\\u202egnp.exe',
    ]);
    await items.filter({ hasText: 'onerror' }).click();
    await snapshots.locator('.monaco-editor .view-line', { hasText: 'planted' }).first().waitFor();

    expect(await page.locator('.planted').count()).toBe(0);
    expect(await page.locator('a[href^="javascript"]').count()).toBe(0);
    expect(await page.evaluate('window.wasPlanted ?? false')).toBe(false);
    expect(await page.title()).toBe(title);
  });

  test('a regular expression without an end stops neither the window nor the search after it', async () => {
    const { files } = served();
    const target = files.write('endless', `buildPhase = "echo ${'x'.repeat(60)} and on";`);
    const window = await show(`${files.directory}/${target}`);
    await build(window, 'buildPhase, succeeded');
    await window.phase('fixupPhase, succeeded').first().waitFor();
    await window.phase('buildPhase, succeeded').first().click();

    const log = window.pane('Log');
    await log.getByRole('button', { name: 'Search the log' }).click();
    await log.getByRole('button', { name: 'Regular expression' }).click();
    const field = log.getByRole('textbox');
    await field.fill('(x+x+)+y');
    await log.getByText('takes too long').waitFor();
    await field.fill('an[d]');
    await log.locator('.log-row .found', { hasText: 'and' }).waitFor();
  });
});
