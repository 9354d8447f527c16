/** What is told of a file in the editor that others write. */
import {
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchModification } from '../../../src-main/engine/edited-files.ts';

let directory: string;
let file: string;
let stop: AbortController;

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'strata-edited-')));
  file = join(directory, 'default.nix');
  write(1000);
  stop = new AbortController();
});
afterEach(() => {
  stop.abort();
  rmSync(directory, { recursive: true });
});

/** Writes the file as if at `seconds` after 1970. */
function write(seconds: number, path = file): void {
  writeFileSync(`${path}.new`, '{ }');
  utimesSync(`${path}.new`, seconds, seconds);
  renameSync(`${path}.new`, path);
}

async function told(items: AsyncGenerator<{ modifiedAt: number | null }>): Promise<number | null> {
  const item = await items.next();
  if (item.done === true) throw new Error('nothing more is told');
  return item.value.modifiedAt;
}

test('the file as it is now comes first: it may have changed before anybody listened', async () => {
  expect(await told(watchModification(file, stop.signal))).toBe(1_000_000);
});

test('a change is told, also one that came while the last was being taken in', async () => {
  const items = watchModification(file, stop.signal);
  await told(items);
  write(2000);
  expect(await told(items)).toBe(2_000_000);
});

test('a deleted file is told, and that it is back', async () => {
  const items = watchModification(file, stop.signal);
  await told(items);
  rmSync(file);
  expect(await told(items)).toBeNull();
  write(1000);
  expect(await told(items)).toBe(1_000_000);
});

test('a link is watched under its own name and under that of its target, in one directory too', async () => {
  const link = join(directory, 'link.nix');
  symlinkSync('default.nix', link);
  const items = watchModification(link, stop.signal);
  await told(items);
  write(2000);
  expect(await told(items)).toBe(2_000_000);
  write(3000, link);
  expect(await told(items)).toBe(3_000_000);
});
