/** Copies of the examples that a person may edit. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataDirectory, exampleCopies } from '../../../src-main/engine/example-copies.ts';

describe('copies of the examples', () => {
  let place = '';
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'strata-copies-'));
    mkdirSync(join(place, 'shipped/examples/hello'), { recursive: true });
    mkdirSync(join(place, 'shipped/host-stdenv'));
    writeFileSync(join(place, 'shipped/examples/hello/default.nix'), '{ }', { mode: 0o444 });
  });
  afterEach(() => {
    chmodSync(join(place, 'shipped/examples/hello'), 0o755);
    rmSync(place, { recursive: true });
  });
  const copies = (version = '1') =>
    exampleCopies(join(place, 'shipped'), join(place, 'data'), version);
  const file = 'examples/hello/default.nix';

  it('can be written where the shipped ones cannot', async () => {
    chmodSync(join(place, 'shipped/examples/hello'), 0o555);
    const directory = await copies();
    writeFileSync(join(directory, file), 'mine');
    writeFileSync(join(directory, 'examples/hello/new'), '');
    expect(readFileSync(join(place, 'shipped', file), 'utf8')).toBe('{ }');
  });

  it('stay as they were edited, and a newer version has its own', async () => {
    const directory = await copies();
    writeFileSync(join(directory, file), 'mine');
    expect(await copies()).toBe(directory);
    expect(readFileSync(join(directory, file), 'utf8')).toBe('mine');
    expect(readFileSync(join(await copies('2'), file), 'utf8')).toBe('{ }');
    expect(readdirSync(join(place, 'data')).toSorted()).toStrictEqual(['examples-1', 'examples-2']);
  });

  it('are the shipped ones where none can be made', async () => {
    writeFileSync(join(place, 'data'), 'a file');
    expect(await copies()).toBe(join(place, 'shipped'));
  });

  it('lie where the XDG specification says', () => {
    expect(dataDirectory({ XDG_DATA_HOME: '/data' })).toBe('/data/strata');
    expect(dataDirectory({ XDG_DATA_HOME: 'data' })).toMatch(/\/\.local\/share\/strata$/);
  });
});
