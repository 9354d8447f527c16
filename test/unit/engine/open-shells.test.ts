/** A shell belongs to a front from its first moment: where that front is gone, or was never answered, so is the shell. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Engine } from '../../../src-main/engine/engine.ts';
import { OpenShells } from '../../../src-main/engine/open-shells.ts';
import { addShellDirectory, isShellOpen } from '../../../src-main/shells/nix-shell-directories.ts';

const record = { id: 's1', run: 'r1', phase: 'buildPhase', phases: [], status: 'succeeded' };

/** An engine with one snapshot; `opening` happens while its shell opens. */
function engineWith(opening: () => void, run: () => Promise<unknown>) {
  const discard = vi.fn(async () => Promise.resolve());
  const openPtyShell = vi.fn(async () => {
    opening();
    return Promise.resolve({ shell: { discard }, record });
  });
  const store = { run, record: () => record, records: async () => Promise.resolve([record]) };
  return { discard, openPtyShell, engine: { openPtyShell, store } as unknown as Engine };
}

const size = { columns: 80, rows: 24 };
const anyRun = async () => Promise.resolve({ id: 'r1', target: '/x/default.nix', phases: [] });

test('a shell whose front went away while it opened is discarded', async () => {
  const front = new AbortController();
  const { engine, discard } = engineWith(() => front.abort(), anyRun);
  const shells = new OpenShells(engine, '/');
  await expect(shells.open('s1', size, front.signal)).rejects.toThrow();
  expect(discard).toHaveBeenCalledOnce();
  expect(shells.list()).toStrictEqual([]);
});

test('a nix-shell whose front went away is not opened, and leaves nothing', async () => {
  const kept = mkdtempSync(join(tmpdir(), 'strata-shells-'));
  try {
    const own = await addShellDirectory(kept);
    const front = new AbortController();
    front.abort();
    const shells = new OpenShells(engineWith(() => undefined, anyRun).engine, '/');
    const prepared = {
      ...{ argv: ['false'] as const, env: {}, directory: kept },
      ...{ own, kept, title: 'nix-shell x' },
    };
    await expect(shells.openNixShell(prepared, size, front.signal)).rejects.toThrow();
    expect(shells.list()).toStrictEqual([]);
    expect(await isShellOpen(kept)).toBe(false);
  } finally {
    rmSync(kept, { recursive: true });
  }
});

test('where its run cannot be read, no shell is opened', async () => {
  const { engine, openPtyShell } = engineWith(
    () => undefined,
    async () => Promise.reject(new Error('unreadable')),
  );
  const shells = new OpenShells(engine, '/');
  await expect(shells.open('s1', size, new AbortController().signal)).rejects.toThrow('unreadable');
  expect(openPtyShell).not.toHaveBeenCalled();
});
