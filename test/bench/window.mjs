// How soon the window can be used, and how smoothly it scrolls what is long.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { browserRefusal, withWindow } from './browser.mjs';
import { summary, timeText } from './samples.mjs';

const usableBudgetMs = 1500;
const scriptBudgetBytes = 400_000;
/** 60 frames a second, and what a clock of whole milliseconds adds. */
const frameBudgetMs = 17.5;

export async function windowStart(workshop) {
  const row = {
    what: 'window usable, the server being up',
    budget: `${usableBudgetMs / 1000} s`,
    peakBytes: null,
  };
  if (browserRefusal !== null) return refused(row);
  const cache = workshop.newCache();
  const usable = [];
  let scriptBytes = 0;
  await withWindow(workshop, cache, async (newPage) => {
    for (let round = 0; round < (workshop.quick ? 3 : 7); round += 1) {
      const { page, open, close } = await newPage();
      const started = performance.now();
      await open();
      await page.getByRole('button', { name: /^hello/ }).waitFor();
      usable.push(performance.now() - started);
      scriptBytes = await page.evaluate(transferredScripts);
      await close();
    }
  });
  const figure = summary(usable);
  return {
    ...row,
    figure,
    met: figure.median <= usableBudgetMs && scriptBytes <= scriptBudgetBytes,
    peers: [{ name: 'none', missing: 'nothing does the same' }],
    notes: [
      'from asking for the page to the welcome view, in a new browser profile each time',
      `JavaScript before the editor loads: ${Math.round(scriptBytes / 1000)} kB compressed, budget ${scriptBudgetBytes / 1000} kB`,
    ],
  };
}

export async function logScrolling(workshop) {
  const target = [workshop.derivationFile('long-log.nix'), '--argstr', 'lines', '1000000'];
  return scrolling(workshop, 'a log of 1,000,000 lines', target, 'printPhase', '[role=log]');
}

export async function treeScrolling(workshop) {
  const target = [workshop.derivationFile('large.nix')];
  return scrolling(workshop, 'a tree of 100,000 entries', target, 'changePhase', '[role=tree]');
}

const traceProcesses = 10_000;
const lookupsEach = 100;

/** Ten thousand processes that each looked for other libraries: the lists that processes share save nothing. */
export async function traceScrolling(workshop) {
  const row = {
    what: 'a frame while scrolling 10,000 traced processes, of a trace with 1,000,000 lookups',
    budget: '60 frames/s',
    peakBytes: null,
  };
  if (browserRefusal !== null) return refused(row);
  const cache = workshop.newCache();
  const directory = join(cache, 'trace');
  mkdirSync(directory, { recursive: true });
  for (let pid = 1; pid <= traceProcesses; pid += 1) {
    writeFileSync(join(directory, `ld.${pid}`), tracedProcess(pid));
  }
  let openMs = Number.NaN;
  const frames = await withWindow(workshop, cache, async (newPage) => {
    const { page: shown, open } = await newPage();
    await open();
    await shown.getByRole('button', { name: 'Open a trace' }).click();
    await shown.getByRole('combobox', { name: 'Path of the trace' }).fill(directory);
    const started = performance.now();
    await shown.keyboard.press('Enter');
    await shown.getByRole('treeitem').first().waitFor({ timeout: 120_000 });
    openMs = performance.now() - started;
    await shown.getByRole('tree', { name: 'Processes' }).focus();
    await shown.keyboard.press('ArrowRight');
    await shown.waitForFunction(isLong, '[role=tree]');
    return shown.evaluate(scrollAndWatch, '[role=tree]');
  });
  workshop.remove(cache);
  const figure = summary(frames);
  return {
    ...row,
    figure,
    met: figure.median <= frameBudgetMs,
    peers: [{ name: 'none', missing: 'nothing does the same' }],
    notes: [`${timeText(openMs)} from the choice of the directory to its first process`],
  };
}

/** What ld.so prints for a process with LD_DEBUG=libs (glibc 2.36). */
function tracedProcess(pid) {
  const program = '/nix/store/7gx4kiv5m0i7d7qkixq2cwzbr10lvxwc-render-1.0/bin/render';
  const lines = [];
  for (let number = 0; number < lookupsEach; number += 1) {
    const library = `lib${number}-of-${pid}.so.1`;
    lines.push(
      `find library=${library} [0]; searching`,
      ` search path=/nix/store/1sk2scm2n9y5j0c9ag3f0gqm0x1n6v3a-zlib-1.3/lib\t\t(RUNPATH from file ${program})`,
      `  trying file=/nix/store/1sk2scm2n9y5j0c9ag3f0gqm0x1n6v3a-zlib-1.3/lib/${library}`,
      '',
    );
  }
  lines.push(`transferring control: ${program}`, '');
  return lines.map((line) => `${String(pid).padStart(10)}:\t${line}\n`).join('');
}

async function scrolling(workshop, thing, target, phase, selector) {
  const row = {
    what: `a frame while scrolling ${thing}`,
    budget: '60 frames/s',
    peakBytes: null,
  };
  if (browserRefusal !== null) return refused(row);
  const cache = workshop.newCache();
  await workshop.strata(cache, ['run', ...target, '--quiet']);
  const frames = await withWindow(workshop, cache, async (newPage) => {
    const { page: shown, open } = await newPage(target[0]);
    await open();
    const timeline = shown.getByRole('region', { name: 'Phase timeline', exact: true });
    await timeline
      .getByRole('button', { name: new RegExp(`^${phase}, succeeded`) })
      .first()
      .click();
    await shown.locator(selector).first().waitFor();
    // Directories are closed at first.
    const expand = shown.getByRole('button', { name: 'Expand all', exact: true });
    if (selector === '[role=tree]') await expand.click();
    await shown.waitForFunction(isLong, selector);
    return shown.evaluate(scrollAndWatch, selector);
  });
  workshop.remove(cache);
  const figure = summary(frames);
  const late = frames.filter((ms) => ms > 2 * frameBudgetMs).length;
  return {
    ...row,
    figure,
    met: figure.median <= frameBudgetMs,
    peers: [{ name: 'none', missing: 'nothing does the same' }],
    notes: [
      `${frames.length} frames, each some thousand rows further; ${late} took longer than two (${timeText(2 * frameBudgetMs)}); drawn by the processor`,
    ],
  };
}

function refused(row) {
  const figure = { median: Number.NaN, min: Number.NaN, max: Number.NaN, count: 1 };
  return {
    ...row,
    figure,
    met: null,
    peers: [{ name: 'none', missing: browserRefusal }],
    notes: [],
  };
}

// What follows runs in the page.

function transferredScripts() {
  return performance
    .getEntriesByType('resource')
    .filter(({ name }) => /\.m?js$/.test(new URL(name).pathname))
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
}

function isLong(selector) {
  const found = globalThis.document.querySelector(selector);
  return [found, ...(found?.querySelectorAll('*') ?? []), found?.parentElement].some(
    (element) => element && element.scrollHeight > element.clientHeight + 10_000,
  );
}

async function scrollAndWatch(selector) {
  const found = globalThis.document.querySelector(selector);
  const scroller = [found, ...found.querySelectorAll('*'), found.parentElement].find(
    (element) => element.scrollHeight > element.clientHeight + 10_000,
  );
  const frames = [];
  const next = () => new Promise((resolve) => globalThis.requestAnimationFrame(resolve));
  let last = await next();
  for (let frame = 0; frame < 240; frame += 1) {
    scroller.scrollTop += scroller.scrollHeight / 300;
    const now = await next();
    frames.push(now - last);
    last = now;
  }
  return frames;
}
