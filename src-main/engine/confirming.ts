/**
 * Confirming a run: Nix builds its derivation from scratch, and what it gives is compared with the scratch outputs, file by
 * file. Only that takes the mark *unconfirmed* from a run.
 */
import { mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { draftName } from '../host/draft.ts';
import { parseDerivation } from '../nix/aterm.ts';
import { build, type NixBuild, type NixBuildOptions } from '../nix/build.ts';
import type { DerivationBuild } from '../nix/build-log.ts';
import { isValid } from '../nix/closure.ts';
import type { Derivation } from '../nix/derivation.ts';
import { faultOf } from '../nix/failure-message.ts';
import { realiseInputs } from '../nix/realise.ts';
import { splitStorePath } from '../nix/store-path.ts';
import { confirmedKey } from '../phases/confirmed-key.ts';
import { lastWriters } from '../phases/last-writers.ts';
import {
  compareOutput,
  type FollowingFile,
  type OutputDifference,
} from '../phases/output-comparison.ts';
import { scratchOutput, storeOutput } from '../phases/output-tree.ts';
import { rootsDirectory } from '../phases/materials.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import type { BuildSurroundings } from '../phases/preparation.ts';
import type { RunRecord } from '../phases/run-record.ts';
import { findRun } from '../phases/snapshot-reference.ts';
import { StrataError } from '../protocol/errors.ts';

export interface ConfirmOptions extends Pick<NixBuildOptions, 'sink' | 'onChange'> {
  /** Called with what is done next. */
  readonly onStep: (text: string) => void;
  readonly signal: AbortSignal;
}

export interface ConfirmedDifference extends Omit<OutputDifference, 'scratchPath'> {
  readonly output: string;
  /** The phase that wrote it in the layers, or took it away; null where none did. */
  readonly phase: string | null;
  /** The state that phase left. */
  readonly snapshot: string | null;
}

export type Confirmation =
  /** Nix could not build it. */
  | {
      readonly kind: 'build-failed';
      readonly run: string;
      readonly derivation: string;
      readonly failed: readonly DerivationBuild[];
    }
  | {
      readonly kind: 'compared';
      readonly run: string;
      readonly derivation: string;
      readonly outcome: 'identical' | 'different';
      /** False where Nix itself got two different results: then differences need not come from the layers. */
      readonly isDeterministic: boolean;
      readonly differences: readonly ConfirmedDifference[];
      /** Files that differ as the output paths do, and mean the same. */
      readonly following: readonly (FollowingFile & { readonly output: string })[];
      /** Files, directories and links looked at. */
      readonly compared: number;
    };

/**
 * @param reference `last`, or a run's id
 * @throws StrataError `not-found`, `usage` for a run that Nix's build cannot be compared with, and what a build throws
 */
export async function confirm(
  store: PhaseStore,
  reference: string,
  surroundings: BuildSurroundings,
  options: ConfirmOptions,
): Promise<Confirmation> {
  const { signal, onStep } = options;
  const { run, snapshot } = await confirmableRun(store, reference);
  const derivation = parseDerivation(await store.runDerivation(run.id), run.derivation);
  await demandDerivation(run, signal);
  onStep('making the inputs present');
  await realiseInputs(derivation, {
    ...surroundings.realise,
    rootsDirectory: rootsDirectory(surroundings.root, run.derivation),
  });
  const links = join(surroundings.root, draftName());
  await mkdir(links);
  try {
    const built = await buildFromScratch(run, derivation, join(links, 'result'), options);
    const failed = built.status === 'failed' && !isUnequal(built);
    if (failed) {
      const { log } = built;
      return { kind: 'build-failed', run: run.id, derivation: run.derivation, failed: log.failed };
    }
    onStep('comparing the outputs');
    const confirmation = await compared(
      store,
      run,
      snapshot,
      await realOutputs(run, derivation, built),
      {
        isDeterministic: built.status === 'succeeded',
        signal,
      },
    );
    await keep(store, run.id, snapshot, confirmation);
    return confirmation;
  } finally {
    await rm(links, { recursive: true, force: true });
  }
}

/** A run whose result is there, and that built what its derivation says. */
async function confirmableRun(
  store: PhaseStore,
  reference: string,
): Promise<{ readonly run: RunRecord; readonly snapshot: string }> {
  const operation = `confirming ${reference}`;
  const run = await findRun(store, reference);
  const refuse = (code: 'not-found' | 'usage', reason: string, advice: string): StrataError =>
    new StrataError({ code, operation, reason, advice });
  if (run === null) {
    throw refuse('not-found', 'there is no such run', 'strata ls lists what there is');
  }
  if (run.status !== 'succeeded' || run.endsAt !== null) {
    const failed = run.phases.find(({ status }) => status === 'failed')?.name ?? null;
    throw refuse(
      'usage',
      failed === null ? 'the run has no result' : `the run has no result: ${failed} failed`,
      failed === null
        ? 'build it to its end: strata run'
        : 'mend that, and build it to its end: strata run; what Nix itself says of it: strata nix-build',
    );
  }
  if (Object.keys(run.overrides).length > 0) {
    throw refuse(
      'usage',
      `it was built with --set, and Nix builds the derivation as it is`,
      'put the values into the expression, and build it: strata run',
    );
  }
  const last = run.phases.findLast(({ snapshot }) => snapshot !== null)?.snapshot ?? run.initial;
  if (last === null || (await store.record(last)) === null) {
    throw refuse('not-found', 'the state it ended in is gone', 'build it again: strata run');
  }
  return { run, snapshot: last };
}

async function demandDerivation(run: RunRecord, signal: AbortSignal): Promise<void> {
  if (await isValid([run.derivation], signal)) return;
  throw new StrataError({
    code: 'not-found',
    operation: `confirming ${run.id}`,
    reason: `Nix’s garbage collector has removed ${run.derivation}`,
    advice: `evaluate it again: strata run ${run.target}`,
  });
}

/** No result of a cache: without substitution, and again where it is there already. */
async function buildFromScratch(
  run: RunRecord,
  derivation: Derivation,
  outLink: string,
  { sink, onChange, onStep, signal }: ConfirmOptions,
): Promise<NixBuild> {
  const outputs = Array.from(derivation.outputs.values(), (output) => output.path);
  const isThere = !outputs.includes('') && (await isValid(outputs, signal));
  onStep(isThere ? 'building it again with Nix' : 'building it with Nix');
  return build(run.derivation, {
    options: [...run.options, ['substitute', 'false']],
    mode: isThere ? 'check' : 'normal',
    outLink,
    sink,
    ...(onChange === undefined ? {} : { onChange }),
    signal,
  });
}

/** `derivation '….drv' may not be deterministic: output '…' differs`, of a build that went well twice. */
function isUnequal({ log }: NixBuild): boolean {
  return log.failed.every(({ reason }) => faultOf(reason) === 'difference');
}

/** Where the outputs are that Nix built, by name. Those known only after the build are known by their names. */
async function realOutputs(
  run: RunRecord,
  derivation: Derivation,
  { outputs }: NixBuild,
): Promise<ReadonlyMap<string, string>> {
  const built = await Promise.all(outputs.map((link) => realpath(link)));
  const real = new Map<string, string>();
  for (const [name, scratch] of Object.entries(run.outputs)) {
    const known = derivation.outputs.get(name)?.path ?? '';
    const byName = built.find((path) => splitStorePath(path).name === splitStorePath(scratch).name);
    const path = known === '' ? byName : known;
    if (path !== undefined) real.set(name, path);
  }
  return real;
}

async function compared(
  store: PhaseStore,
  run: RunRecord,
  snapshot: string,
  real: ReadonlyMap<string, string>,
  { isDeterministic, signal }: { readonly isDeterministic: boolean; readonly signal: AbortSignal },
): Promise<Extract<Confirmation, { kind: 'compared' }>> {
  const outputs = Object.entries(run.outputs);
  const hashes = new Map(
    outputs.flatMap(([name, scratch]) => {
      const path = real.get(name);
      const from = splitStorePath(scratch).hash;
      return path === undefined ? [] : [[from, splitStorePath(path).hash] as const];
    }),
  );
  const writers = await lastWriters(
    store,
    snapshot,
    outputs.map(([, scratch]) => scratch),
  );
  const differences: ConfirmedDifference[] = [];
  const following: (FollowingFile & { readonly output: string })[] = [];
  let count = 0;
  for (const [output, scratch] of outputs) {
    const found = await compareOutput(
      scratchOutput(store.snapshotter, snapshot, scratch),
      storeOutput(real.get(output) ?? scratch),
      hashes,
      signal,
    );
    count += found.compared;
    following.push(...found.following.map((file) => ({ ...file, output })));
    for (const { scratchPath, ...difference } of found.differences) {
      const about = difference.kind === 'executable' ? 'mode' : 'contents';
      const writer = writers.of(`${scratch}${scratchPath}`, about);
      const { phase = null, snapshot: state = null } = writer ?? {};
      differences.push({ ...difference, output, phase, snapshot: state });
    }
  }
  return {
    kind: 'compared',
    run: run.id,
    derivation: run.derivation,
    outcome: differences.length === 0 ? 'identical' : 'different',
    isDeterministic,
    differences,
    following,
    compared: count,
  };
}

async function keep(
  store: PhaseStore,
  id: string,
  snapshot: string,
  { derivation, outcome, differences }: Extract<Confirmation, { kind: 'compared' }>,
): Promise<void> {
  // Runs to come that reuse all of it end in the same state.
  if (outcome === 'identical') await store.addKey(confirmedKey(derivation), snapshot);
  // Read again: the build took its time.
  const run = await store.run(id);
  if (run === null) return;
  await store.saveRun({
    ...run,
    unconfirmed: outcome === 'identical' ? false : run.unconfirmed,
    confirmation: { outcome, differences: differences.length, at: new Date().toISOString() },
  });
}
