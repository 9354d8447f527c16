/** Choosing a backend, and both ways to find opaque directories. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSnapshotter } from '../../../src-main/snapshots/choose-backend.ts';
import { copySnapshotter } from '../../../src-main/snapshots/copy-snapshotter.ts';
import {
  opaqueByAttribute,
  opaqueByMounting,
} from '../../../src-main/snapshots/opaque-directories.ts';
import { overlaySnapshotter } from '../../../src-main/snapshots/overlay-snapshotter.ts';
import { overlayRefusal, runIn, temporaryDirectory, titled } from './mounted.ts';

const overlay = await overlayRefusal();

describe.skipIf(overlay !== null)(titled('choosing a backend', overlay), () => {
  it('takes overlay where it works, and remembers it', async () => {
    const root = join(temporaryDirectory(), 'new', 'store');
    expect(await openSnapshotter(root)).toMatchObject({
      backend: 'overlay',
      reason: 'overlay mounts work here',
    });
    expect(readdirSync(root)).toStrictEqual(['backend.json']);
    const file = join(root, 'backend.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"works"', '"refused","reason":"so"'));
    expect(await openSnapshotter(root)).toMatchObject({
      backend: 'copy',
      reason: 'overlay mounts are refused: so',
    });
    await expect(openSnapshotter(root, { prefer: 'overlay' })).rejects.toMatchObject({
      code: 'environment',
    });
    writeFileSync(file, 'damaged');
    expect(await openSnapshotter(root)).toMatchObject({ backend: 'overlay' });
    expect(await openSnapshotter(root, { prefer: 'copy' })).toMatchObject({ backend: 'copy' });
  });

  it('builds overlay layers on copied trees, and refuses the other way round', async () => {
    const place = temporaryDirectory();
    const root = join(place, 'store');
    const copies = copySnapshotter(root);
    const layers = overlaySnapshotter(root);
    const copied = await copies.prepare('a', null);
    runIn(copied.mount, place, 'echo a >a; echo b >b');
    await copies.commit('copied', 'a', await copies.changes('a'));
    const layered = await layers.prepare('b', 'copied');
    runIn(layered.mount, place, 'rm a; echo c >c');
    const changes = await layers.changes('b');
    expect(changes.map(({ kind, path }) => `${kind} ${path}`)).toStrictEqual([
      'removed /a',
      'added /c',
    ]);
    await layers.commit('layered', 'b', changes);
    await expect(copies.prepare('c', 'layered')).rejects.toMatchObject({ code: 'environment' });
    expect((await copies.listDirectory('layered', '/')).map(({ path }) => path)).toStrictEqual([
      '/b',
      '/c',
    ]);
  });
});

describe.skipIf(overlay !== null)(titled('opaque directories', overlay), () => {
  const names = ['plain', 'opaque', 'new\nline', 'b\\s=', 'in\udcffvalid', '-n'];

  it('are found by attribute and by mounting alike', async () => {
    const place = temporaryDirectory();
    const snapshotter = overlaySnapshotter(join(place, 'store'));
    const base = await snapshotter.prepare('a', null);
    const each = `for n in plain opaque "$(printf 'new\\nline')" 'b\\s=' "$(printf 'in\\377valid')" -n; do`;
    runIn(base.mount, place, `${each} mkdir -p -- "./$n/inner"; : >"./$n/inner/f"; done`);
    await snapshotter.commit('base', 'a', await snapshotter.changes('a'));
    const top = await snapshotter.prepare('b', 'base');
    const again = `case "$n" in plain) : >plain/inner/g;; *) rm -r -- "./$n"; mkdir -- "./$n" "./$n/inner";; esac`;
    runIn(top.mount, place, `${each} ${again}; done`);
    const layer = join(top.directory, 'layer');
    const asked = names.flatMap((name) => [`/${name}`, `/${name}/inner`]);
    const hidden = asked.filter((path) => !path.startsWith('/plain'));
    const byAttribute = await opaqueByAttribute(layer, asked);
    // The attribute is on the uppermost ones only; either answer leads to the same changes.
    expect(Array.from(byAttribute)).toStrictEqual(
      hidden.filter((path) => !path.endsWith('/inner')),
    );
    const byMounting = await opaqueByMounting(layer, asked, place);
    expect(Array.from(byMounting)).toStrictEqual(hidden);
  });
});

describe.skipIf(overlay !== null)(titled('mount options', overlay), () => {
  it('stand commas, colons, quotes and spaces in names', () => {
    const place = join(temporaryDirectory(), `o,d:d \\'"`);
    for (const name of ['a,:', 'b\\', 'u', 'w']) mkdirSync(join(place, name), { recursive: true });
    writeFileSync(join(place, 'a,:', 'f'), 'a');
    writeFileSync(join(place, 'b\\', 'g'), 'b');
    const lower = [join(place, 'a,:'), join(place, 'b\\')];
    const upper = { directory: join(place, 'u'), work: join(place, 'w') };
    expect(runIn({ kind: 'overlay', lower, upper }, place, 'cat f g; rm f')).toBe('ab');
  });
});
