/**
 * What a phase of a derivation stands on beside its snapshot: the inputs in the store, and the base that shows them.
 *
 * Bases are kept below the cache directory under the digest of what is in them, so that runs of one derivation share one:
 *
 *     bases/DIGEST/tree/        see sandbox/base.ts
 *     bases/DIGEST/binds.json   what fills its mount points
 *     roots/NAME.drv/           links that keep the inputs of a derivation from Nix's garbage collector
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { draftName } from '../host/draft.ts';
import { describeFileError, renameDurably } from '../host/durable.ts';
import { flushTree } from '../snapshots/flush.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import type { BuildEnvironment } from '../nix/build-environment.ts';
import type { Derivation } from '../nix/derivation.ts';
import type { NixConfiguration } from '../nix/configuration.ts';
import { realiseInputs, type RealiseOptions } from '../nix/realise.ts';
import { writeBase, type BaseContents } from '../sandbox/base.ts';
import { hostRoot } from '../sandbox/host-root.ts';
import type { HostBind, Policy } from '../sandbox/policy.ts';

export interface Materials {
  /** The directory to be the lowest layer. */
  readonly base: string;
  readonly binds: readonly HostBind[];
  readonly network: boolean;
}

export interface MaterialsRequest {
  readonly root: string;
  readonly derivation: Derivation;
  /** The name of the derivation's `.drv`, for the roots. */
  readonly derivationPath: string;
  readonly environment: BuildEnvironment;
  readonly policy: Policy;
  readonly configuration: NixConfiguration;
  readonly storeDirectory: string;
  readonly realise: Omit<RealiseOptions, 'rootsDirectory'>;
}

/** Whether a build under a policy reaches the network. */
function hasNetwork(policy: Policy, environment: BuildEnvironment): boolean {
  switch (policy.kind) {
    case 'strict':
      return !environment.sandboxed;
    case 'relaxed':
      return policy.network || !environment.sandboxed;
    case 'off':
      return true;
  }
}

/**
 * Realises the inputs and makes the base.
 *
 * @throws DependencyFailed where an input cannot be built, StrataError `environment` where a host path to be shown is
 *   missing.
 */
export async function prepareMaterials(request: MaterialsRequest): Promise<Materials> {
  const { root, policy, environment, configuration } = request;
  const closure = await realiseInputs(request.derivation, {
    ...request.realise,
    rootsDirectory: rootsDirectory(root, request.derivationPath),
  });
  const contents: BaseContents = {
    storeDirectory: request.storeDirectory,
    closure,
    binds: policyBinds(policy, configuration),
    files: environment.files,
    network: hasNetwork(policy, environment),
  };
  return { ...(await keepBase(root, contents)), network: contents.network };
}

/** Where the links are that keep a derivation's inputs. */
export function rootsDirectory(root: string, derivationPath: string): string {
  return join(root, 'roots', derivationPath.replace(/^.*\//, ''));
}

/** What the policy shows of the host; a path named twice is shown as named last. */
function policyBinds(policy: Policy, configuration: NixConfiguration): readonly HostBind[] {
  if (policy.kind === 'off') return hostRoot();
  const own: HostBind[] = configuration.sandboxPaths.map(({ inside, outside, optional }) => ({
    source: outside,
    target: inside,
    optional,
    keepLink: false,
  }));
  const all = [...own, ...(policy.kind === 'relaxed' ? policy.binds : [])];
  return [...new Map(all.map((bind) => [bind.target, bind])).values()];
}

async function keepBase(
  root: string,
  contents: BaseContents,
): Promise<{ readonly base: string; readonly binds: readonly HostBind[] }> {
  const directory = join(root, 'bases', digest(contents));
  const known = await readBinds(directory);
  if (known !== null) return { base: join(directory, 'tree'), binds: known };
  const draft = join(root, 'bases', draftName());
  try {
    await mkdir(join(draft, 'tree'), { recursive: true });
    const binds = writeBase(join(draft, 'tree'), contents);
    await writeFile(join(draft, 'binds.json'), JSON.stringify(binds));
    await flushTree(draft);
    await renameDurably(draft, directory);
    return { base: join(directory, 'tree'), binds };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another run made the same base meanwhile.
    const theirs = await readBinds(directory);
    if (theirs !== null) return { base: join(directory, 'tree'), binds: theirs };
    if (isSystemError(error) && error.code === 'ENOENT') throw missingHostPath(error);
    throw describeFileError('making the base of the sandbox', error);
  }
}

function missingHostPath(error: NodeJS.ErrnoException): StrataError {
  return new StrataError({
    code: 'environment',
    operation: 'making the base of the sandbox',
    reason: `${error.path ?? 'a path'} is to be shown in it and does not exist on this machine`,
    advice:
      'take it out of --bind, or of sandbox-paths in nix.conf, where a path may end in ? if it can be missing',
    cause: error,
  });
}

async function readBinds(directory: string): Promise<readonly HostBind[] | null> {
  try {
    return JSON.parse(await readFile(join(directory, 'binds.json'), 'utf8')) as HostBind[];
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return null;
    throw error;
  }
}

function digest(contents: BaseContents): string {
  const hash = createHash('sha256').update('strata-base 2\0');
  for (const path of contents.closure) hash.update(`${path}\0`);
  hash.update(JSON.stringify([contents.binds, contents.network, contents.storeDirectory]));
  for (const { path, contents: bytes, mode } of contents.files) {
    hash.update(`\0${path}\0${mode}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, 32);
}
