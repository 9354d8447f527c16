import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeDirectories } from '../../../src-main/host/durable.ts';

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
