// The editor: what is wrong with a text stands at its place, and what a language server and a formatter know is at hand.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { PATIENCE_MS, type SeenWindow } from './served-window.ts';
import { windowSuite } from './window-suite.ts';

const languageServer = fileURLToPath(
  new URL('../engine/language/stand-in-server.mjs', import.meta.url),
);

/** As nixfmt: from one stream to the other, and what is no Nix is refused with its place. */
const FORMATTER = `
text=$(cat)
case $text in *'= ;'*) echo 'line 4: unexpected ;' >&2; exit 1;; esac
printf '%s\\n' "$text" | sed -E 's/ +=  +/ = /'`;

const { served, show } = windowSuite({
  nil: `exec '${process.execPath}' '${languageServer}'`,
  nixfmt: FORMATTER,
});

/** A package with a line of its own for each attribute. The language server means the first line by every definition. */
function packageOf(name: string): string {
  const file = `${served().files.directory}/${name}.nix`;
  writeFileSync(
    file,
    `let
  stdenv = import ./host-stdenv { };
in
stdenv.mkDerivation {
  name = "${name}";
  dontUnpack = true;
  buildPhase = "true";
  installPhase = "touch $out";
}
`,
  );
  return file;
}

async function showText(file: string): Promise<SeenWindow> {
  const window = await show(file);
  await line(window, 'stdenv.mkDerivation').waitFor();
  return window;
}

const editorOf = (window: SeenWindow) => window.pane('Derivation editor');
const line = (window: SeenWindow, text: string | RegExp) =>
  editorOf(window).locator('.view-line', { hasText: text });

/** The line number that is lit: where the cursor is. */
async function cursorIsIn(window: SeenWindow, number: number): Promise<void> {
  const lit = editorOf(window).locator('.active-line-number');
  await expect.poll(() => lit.textContent(), { timeout: PATIENCE_MS }).toBe(String(number));
}

describe('the editor', () => {
  test('marks an error of the evaluation at its place, leads there, and unmarks it when it is mended', async () => {
    const { files } = served();
    const window = await showText(packageOf('greeting'));
    const { page } = window;
    await window.phase('buildPhase, to run').waitFor();

    // Another editor saves it: the window notices by itself.
    files.edit('greeting.nix', 'buildPhase = "true"', 'buildPhase = gretting');
    const editor = editorOf(window);
    const strip = editor.getByRole('alert').filter({ hasText: "undefined variable 'gretting'" });
    await editor.locator('.squiggly-error').waitFor();
    await strip.getByRole('button', { name: 'greeting.nix:7:16' }).click();
    await cursorIsIn(window, 7);

    // The cursor stands before the word.
    await page.keyboard.press('Control+Delete');
    await page.keyboard.type('"echo mended"');
    await page.keyboard.press('Control+s');
    await strip.waitFor({ state: 'detached' });
    await editor.locator('.squiggly-error').waitFor({ state: 'detached' });
    await line(window, 'buildPhase = "echo mended";').waitFor();
    await window.phase('buildPhase, to run').waitFor();
  });

  test('points at what is impure in a flake, with the fix, and evaluates it all the same when told to', async () => {
    const system = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux`;
    const directory = `${served().files.directory}/impure`;
    mkdirSync(directory);
    writeFileSync(
      `${directory}/flake.nix`,
      `{
  outputs = { self }: {
    lib.home = builtins.getEnv "HOME";
    packages.${system}.default = derivation {
      name = "impure";
      system = builtins.currentSystem;
      builder = "/bin/sh";
    };
  };
}
`,
    );
    const window = await show(`${directory}#`);
    const editor = editorOf(window);
    const strip = editor
      .getByRole('alert')
      .filter({ hasText: "attribute 'currentSystem' missing" });
    await editor.locator('.squiggly-error').waitFor();
    await editor.locator('.squiggly-info').waitFor();
    for (const [text, word, fix] of [
      ['lib.home', 'getEnv', 'Fix: make the value an argument'],
      ['system = ', 'builtins', 'name the system: packages.x86_64-linux'],
    ] as const) {
      await line(window, text).getByText(word).hover();
      const hover = window.page.locator('.monaco-hover').filter({ hasText: fix });
      await hover.waitFor();
      // It would be in the way of the next.
      await window.page.mouse.move(0, 0);
      await hover.waitFor({ state: 'hidden' });
    }
    await window.pane('Phase timeline').getByText('name the system: packages').waitFor();
    await strip.getByRole('button', { name: 'Evaluate with --impure' }).click();
    await strip.waitFor({ state: 'detached' });
    await window.phase('build, to run').waitFor();
    expect(await editor.locator('.squiggly-error, .squiggly-info').count()).toBe(0);
  });

  test('keeps the text of both where another program changes a file that is not saved', async () => {
    const { files } = served();
    const window = await showText(packageOf('contested'));
    const { page } = window;
    await line(window, 'name = "contested"').click();
    await page.keyboard.press('End');
    await page.keyboard.type(' # of the window');
    files.edit('contested.nix', 'buildPhase = "true"', 'buildPhase = "of another"');

    const editor = editorOf(window);
    const news = editor.getByRole('status').filter({ hasText: 'Another program has changed' });
    await news.waitFor();
    await line(window, '# of the window').waitFor();
    await news.getByRole('button', { name: 'Take its text' }).click();
    await line(window, 'of another').waitFor();
    expect(await line(window, '# of the window').count()).toBe(0);
    await line(window, 'of another').click();
    await page.keyboard.press('Control+z');
    await line(window, '# of the window').waitFor();
  });
});

describe('with a language server', () => {
  test('suggests what one may type, and says of a word what it is', async () => {
    const window = await showText(packageOf('suggested'));
    const { page } = window;
    await line(window, 'dontUnpack').click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    const suggestions = page.locator('.suggest-widget');
    const wanted = suggestions.getByRole('option', { name: /^hello/ });
    // A server that has just been started is asked in vain.
    await expect
      .poll(
        async () => {
          await page.keyboard.press('Escape');
          await page.keyboard.press('Control+Space');
          await suggestions.getByRole('option').first().waitFor();
          return wanted.count();
        },
        { timeout: PATIENCE_MS },
      )
      .toBe(1);
    await wanted.click();
    await line(window, /^\s*hello$/).waitFor();

    await line(window, 'installPhase').getByText('installPhase').hover();
    await page.locator('.monaco-hover').filter({ hasText: 'stdenv = import' }).waitFor();
  });

  test('goes to a definition, and marks what the server complains of', async () => {
    const window = await showText(packageOf('defined'));
    const { page } = window;
    await line(window, 'installPhase').click();
    await cursorIsIn(window, 8);
    await page.keyboard.press('End');
    await page.keyboard.type(' # TODO');
    const mark = editorOf(window).locator('.squiggly-warning');
    await mark.waitFor();

    await page.keyboard.press('F12');
    await cursorIsIn(window, 1);
    await page.keyboard.press('F8');
    await page.locator('.marker-widget').filter({ hasText: 'TODO' }).waitFor();
    await page.keyboard.press('Escape');

    await page.keyboard.press('Control+z');
    await mark.waitFor({ state: 'detached' });
  });
});

describe('with a formatter', () => {
  test('lays out the text, which can be undone, and says why it could not', async () => {
    const window = await showText(packageOf('formatted'));
    const { page } = window;
    await line(window, 'dontUnpack').click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('doCheck   =    true;');
    await page.keyboard.press('Control+Shift+i');
    await line(window, 'doCheck = true;').waitFor();

    await page.keyboard.type(' broken = ;');
    await page.keyboard.press('Control+Shift+i');
    await page.getByText('line 4: unexpected ;').waitFor();
    await line(window, 'broken = ;').waitFor();
  });
});
