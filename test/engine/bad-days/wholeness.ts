/** Whether what a cache holds is what it says it holds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../../src-main/engine/engine.ts';
import type { PhaseRecord } from '../../../src-main/phases/phase-record.ts';
import { sameEntry } from '../../../src-main/snapshots/layer-changes.ts';
import { listTree } from '../../../src-main/snapshots/listing.ts';
import { readEntries } from '../../../src-main/snapshots/tree-entries.ts';

/** What is wrong with the snapshots that an engine lists, each by a text. */
export async function defects(engine: Engine): Promise<readonly string[]> {
  const records = await engine.list();
  const found = await Promise.all(
    records.map(async (record) =>
      (await snapshotDefects(engine, record)).map(
        (text) => `${record.phase} ${record.id}: ${text}`,
      ),
    ),
  );
  return found.flat();
}

async function snapshotDefects(engine: Engine, record: PhaseRecord): Promise<readonly string[]> {
  const { store } = engine;
  const { directory, parent } = await store.snapshotter.stat(record.id);
  const wrong: string[] = [];
  if (parent !== record.parent) wrong.push(`its parent is ${parent ?? 'nothing'}`);
  if (parent !== null && (await store.record(parent)) === null) wrong.push('its parent is gone');
  if ((await store.run(record.run)) === null) wrong.push('its run is gone');
  if (record.hasState) store.state(record.id);
  return [
    ...wrong,
    // What a shell left has no log.
    ...(record.name === null ? logDefects(directory) : []),
    ...(await layerDefects(engine, record.id, directory)),
  ];
}

function logDefects(directory: string): string[] {
  const wrong: string[] = [];
  const log = readFileSync(join(directory, 'log'));
  const times = readFileSync(join(directory, 'log.times'));
  if (times.length % 16 !== 0) wrong.push('the times of its log are cut off');
  if (times.length > 0 && times.readDoubleLE(times.length - 16) >= log.length) {
    wrong.push('its log is cut off');
  }
  return wrong;
}

async function layerDefects(engine: Engine, id: string, directory: string): Promise<string[]> {
  const { snapshotter } = engine.store;
  const tree = join(directory, snapshotter.backend === 'overlay' ? 'layer' : 'tree');
  const changes = await snapshotter.recordedChanges(id);
  const wrong: string[] = [];
  const listed = await listTree(tree);
  const whiteouts = listed.filter(({ type }) => type === 'character-device');
  const present = listed.filter(({ type }) => type !== 'character-device');
  for (const { path, entry } of await readEntries(tree, present)) {
    const recorded = await snapshotter.lookup(id, path);
    if (recorded === null || !sameEntry(recorded, entry)) {
      wrong.push(`${path} is ${JSON.stringify(entry)}, recorded is ${JSON.stringify(recorded)}`);
    }
  }
  for (const { path } of whiteouts) {
    if ((await snapshotter.lookup(id, path)) !== null) wrong.push(`${path} is recorded as there`);
  }
  const there = new Set(present.map(({ path }) => path));
  for (const { kind, path } of changes) {
    if (kind === 'removed' && there.has(path)) wrong.push(`${path} is recorded as removed`);
    if (kind !== 'removed' && !there.has(path)) wrong.push(`${path} is missing`);
  }
  return wrong;
}
