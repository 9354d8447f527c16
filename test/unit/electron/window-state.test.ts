/** Where the window opens. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  openingBounds,
  readWindowState,
  writeWindowState,
} from '../../../src-main/electron/window-state.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const state = (x: number, y: number) => ({
  bounds: { x, y, width: 1200, height: 800 },
  maximised: false,
});

test('where it was, if that is still on a screen', () => {
  expect(openingBounds(state(100, 50), [screen])).toStrictEqual(state(100, 50).bounds);
  expect(openingBounds(state(3000, 50), [screen])).toStrictEqual({ width: 1200, height: 800 });
  expect(openingBounds(state(100, -500), [screen])).toStrictEqual({ width: 1200, height: 800 });
});

test('the first time, as large as is usual and as the screen allows', () => {
  expect(openingBounds(null, [screen])).toStrictEqual({ width: 1440, height: 900 });
  expect(openingBounds(null, [{ ...screen, width: 1280, height: 720 }])).toStrictEqual({
    width: 1280,
    height: 720,
  });
});

test('what is no state of ours counts as none', () => {
  const directory = mkdtempSync(join(tmpdir(), 'strata-window-'));
  const file = join(directory, 'window.json');
  expect(readWindowState(file)).toBeNull();
  writeWindowState(file, state(1, 2));
  expect(readWindowState(file)).toStrictEqual(state(1, 2));
  writeFileSync(file, '{"bounds":{"x":"1"}}');
  expect(readWindowState(file)).toBeNull();
  rmSync(directory, { recursive: true });
});
