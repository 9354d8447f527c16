/** What Nix demands of a build's outputs once its builder has ended well. */
import { join } from 'node:path';
import { runTool } from '../host/process.ts';
import { compareHash, hashArguments, type FixedOutput } from '../nix/fixed-output.ts';
import { viewCommand } from '../snapshots/view-command.ts';
import { PhaseStore } from './phase-store.ts';
import type { Preparation } from './preparation.ts';

/** Why Nix would refuse the outputs of the last state, as a sentence in its words; null where it would not. */
export async function checkOutputs(
  store: PhaseStore,
  preparation: Preparation,
  snapshot: string | null,
  signal: AbortSignal,
): Promise<string | null> {
  const { outputs, fixedOutput } = preparation.environment;
  for (const [name, path] of outputs) {
    const found = snapshot === null ? null : await store.snapshotter.lookup(snapshot, path);
    if (found === null) {
      return `the builder failed to produce the output path for output '${name}' at '${path}'`;
    }
  }
  const out = outputs.get('out');
  if (fixedOutput === null || out === undefined || snapshot === null) return null;
  return checkHash(store, snapshot, out, fixedOutput, signal);
}

async function checkHash(
  store: PhaseStore,
  snapshot: string,
  out: string,
  fixed: FixedOutput,
  signal: AbortSignal,
): Promise<string | null> {
  const entry = await store.snapshotter.lookup(snapshot, out);
  if (fixed.mode === 'flat' && (entry?.type !== 'file' || (entry.mode & 0o111) !== 0)) {
    return `the output path '${out}' should be a non-executable regular file since recursive hashing is not enabled (outputHashMode=flat)`;
  }
  const key = `view-${PhaseStore.newId()}`;
  const view = await store.snapshotter.view(key, snapshot);
  try {
    const root = join(view.directory, 'hash');
    const [tool, ...args] = viewCommand(view.mount, root, [
      'nix-hash',
      ...hashArguments(fixed),
      join(root, out),
    ]);
    const { stdout } = await runTool({ operation: `hashing ${out}`, tool, args, signal });
    const { matches, expected, got } = compareHash(fixed, stdout.toString('utf8').trim());
    return matches
      ? null
      : `hash mismatch in fixed-output derivation:\n  specified: ${expected}\n     got:    ${got}`;
  } finally {
    await store.snapshotter.remove(key);
  }
}
