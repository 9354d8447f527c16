/** The Chromium that the window's tests look at it with: the machine's own, as nothing else can be had everywhere. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function findChromium(): string | null {
  const places = (process.env['PATH'] ?? '').split(delimiter).filter((place) => place !== '');
  const files = NAMES.flatMap((name) => places.map((place) => join(place, name)));
  return files.find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const program = findChromium();

/** Why the window cannot be looked at on this machine; null where it can. */
export const noChromium: string | null = program === null ? 'no Chromium on PATH' : null;

export async function launchChromium(): Promise<Browser> {
  if (program === null) throw new Error('no Chromium on PATH');
  return chromium.launch({
    executablePath: program,
    // Root is refused a sandbox. No pages but our own are opened.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}
