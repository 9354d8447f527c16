import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeDirectories, makeNamedDirectories } from '../../../src-main/host/durable.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'strata-durable-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('directories that many make at once are made', async () => {
  for (let round = 0; round < 20; round += 1) {
    const path = join(directory, String(round), 'a', 'b', 'c');
    await Promise.all(Array.from({ length: 8 }, () => makeDirectories(path)));
    expect(existsSync(path)).toBe(true);
  }
});

test('a place that can be no directory is refused, also below /proc and over a link that leads nowhere', async () => {
  const link = join(directory, 'link');
  symlinkSync('/nowhere/at/all', link);
  for (const path of ['/proc/strata/a', join(link, 'a')]) {
    await expect(makeNamedDirectories(path, 'exporting')).rejects.toMatchObject({
      code: 'environment',
      operation: 'exporting',
      advice: 'name a place where you can write',
    });
  }
});
