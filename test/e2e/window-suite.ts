/** What the files of window tests share: one `strata serve` for each file, and windows in which nothing may go wrong unseen. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { refusal } from '../engine/cli/command-line.ts';
import { noChromium } from './chromium.ts';
import { ServedWindow, type Programs, type SeenWindow } from './served-window.ts';

const reason = noChromium ?? refusal;

export interface WindowSuite {
  readonly served: () => ServedWindow;
  /** As {@link ServedWindow.show}; the window is closed after the test, which fails where it complained of anything. */
  readonly show: (...given: Parameters<ServedWindow['show']>) => Promise<SeenWindow>;
}

/**
 * To be called at the top of a test file; where the tests cannot run, they are skipped with the reason.
 *
 * @param programs that the engine finds on its PATH
 */
export function windowSuite(programs: Programs = {}): WindowSuite {
  let served: ServedWindow | null = null;
  const seen: SeenWindow[] = [];

  beforeAll(async () => {
    if (reason === null) served = await ServedWindow.open(programs);
  });

  afterAll(async () => {
    await served?.close();
  });

  beforeEach((context) => {
    if (reason !== null) context.skip(reason);
  });

  afterEach(async () => {
    const windows = seen.splice(0);
    for (const { page } of windows) await page.context().close();
    // Whatever a test is about: nothing may go wrong behind its back.
    expect(windows.flatMap(({ complaints }) => complaints)).toStrictEqual([]);
  });

  const started = (): ServedWindow => {
    if (served === null) throw new Error('no strata serve');
    return served;
  };
  return {
    served: started,
    show: async (...given) => {
      const window = await started().show(...given);
      seen.push(window);
      return window;
    },
  };
}

/** Runs what the window shows until a phase of the timeline is called `end`. */
export async function build(window: SeenWindow, end: string): Promise<void> {
  await window.page.getByRole('button', { name: 'Run', exact: true }).click();
  await window.phase(end).first().waitFor();
}

/** Takes an action of the command palette, by what one types to find it. */
export async function fromPalette({ page }: SeenWindow, words: string): Promise<void> {
  // The keys are listened to once the window is there.
  await page.getByRole('button', { name: 'Command palette' }).waitFor();
  await page.keyboard.press('Control+K');
  await page.getByRole('dialog').getByRole('combobox').fill(words);
  await page.keyboard.press('Enter');
}
