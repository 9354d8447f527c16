/** From a target to a shell in its environment, outside the sandbox. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { describingFileErrors } from '../host/durable.ts';
import { findProgram } from '../host/programs.ts';
import { xdgDirectory } from '../host/xdg.ts';
import { buildEnvironment } from '../nix/build-environment.ts';
import type { Derivation } from '../nix/derivation.ts';
import { realiseInputs } from '../nix/realise.ts';
import { derivationName } from '../nix/store-path.ts';
import { rootsDirectory } from '../phases/materials.ts';
import { exportedGraphs, type BuildSurroundings } from '../phases/preparation.ts';
import { StrataError } from '../protocol/errors.ts';
import { isShellOpen, removeShellDirectory } from '../shells/nix-shell-directories.ts';
import {
  buildDirectory,
  outputDirectory,
  prepareNixShell,
  type NixShellProcess,
  type NixShellWish,
} from '../shells/nix-shell.ts';

export interface NixShellOptions extends NixShellWish {
  /** Where sources and outputs are kept; null for a place of the target's own below XDG_DATA_HOME. */
  readonly directory: string | null;
  /** Whether what is there of an earlier shell goes first. */
  readonly beginning: 'fresh' | 'kept';
  readonly overrides: ReadonlyMap<string, string>;
}

/** What starts it, and what it is. */
export interface PreparedNixShell extends NixShellProcess {
  readonly kept: string;
  /** For the tab of a terminal: the derivation's name, and that it is pure. */
  readonly title: string;
}

/**
 * Realises the inputs and prepares the directory.
 *
 * @param target as {@link Target} is written: one place belongs to it, however its derivation changes
 * @throws DependencyFailed, StrataError `environment` without an interactive bash, `in-use` where it is to begin afresh under a
 *   shell that is open, or the directory is a person's own.
 */
export async function nixShell(
  target: string,
  { path, derivation }: { readonly path: string; readonly derivation: Derivation },
  options: NixShellOptions,
  surroundings: BuildSurroundings,
): Promise<PreparedNixShell> {
  const { hostEnvironment, root, realise, configuration, storeDirectory } = surroundings;
  const bash = await interactiveBash(hostEnvironment);
  const kept = options.directory ?? ownDirectory(target, path, options.purity, hostEnvironment);
  checkOurs(kept);
  await realiseInputs(derivation, { ...realise, rootsDirectory: rootsDirectory(root, path) });
  const environment = buildEnvironment(derivation, {
    scratch: new Map(
      [...derivation.outputs.keys()].map((name) => [name, outputDirectory(kept, name)]),
    ),
    cores: configuration.cores,
    overrides: options.overrides,
    impureEnv: hostEnvironment,
    graphs: await exportedGraphs({ derivation, derivationPath: path }, surroundings),
    buildDirectory: buildDirectory(kept),
    storeDirectory,
  });
  if (options.beginning === 'fresh') await empty(kept);
  const title = `nix-shell ${derivationName(path)}${options.purity === 'pure' ? ' (pure)' : ''}`;
  const process = await prepareNixShell(kept, environment, hostEnvironment, bash, options);
  return { ...process, kept, title };
}

/** Runs it on this process's terminal, and gives its exit status. */
export async function runNixShell(
  { argv: [program, ...args], env, directory, own }: NixShellProcess,
  signal: AbortSignal,
): Promise<number> {
  const ended = new Promise<number>((resolve, reject) => {
    const child = spawn(program, args, { cwd: directory, env, stdio: 'inherit' });
    const hangUp = (): void => void child.kill('SIGHUP');
    signal.addEventListener('abort', hangUp, { once: true });
    child.once('error', reject);
    child.once('exit', (code, name) => {
      signal.removeEventListener('abort', hangUp);
      resolve(code ?? 128 + (name === null ? 0 : constants.signals[name]));
    });
  });
  return ended.finally(() => removeShellDirectory(own));
}

/** NIX_BUILD_SHELL as nix-shell has it, or the caller's bash: that of a stdenv has no line editing. */
async function interactiveBash(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const name = env['NIX_BUILD_SHELL'] ?? 'bash';
  const found = await findProgram(name, env['PATH']);
  if (found !== null) return found;
  throw new StrataError({
    code: 'environment',
    operation: 'opening a shell',
    reason: `${name} is not on PATH`,
    advice: 'install bash, or name one with NIX_BUILD_SHELL=/path/to/bash',
  });
}

/** A pure shell and one that is not have their own: what a phase made in the one is not what it would make in the other. */
function ownDirectory(
  target: string,
  derivationPath: string,
  purity: NixShellWish['purity'],
  env: Readonly<Record<string, string | undefined>>,
): string {
  const tag = createHash('sha256').update(target).digest('hex').slice(0, 8);
  const data = xdgDirectory(env, 'XDG_DATA_HOME', '.local/share');
  const suffix = purity === 'pure' ? '-pure' : '';
  return join(data, 'nix-shell', `${derivationName(derivationPath)}-${tag}${suffix}`);
}

/**
 * What a person has in such a directory is nothing for phases to write to, and for a fresh beginning to remove.
 *
 * @throws StrataError `in-use` where it has the names of a nix-shell's directories, and none was ever opened there.
 */
function checkOurs(directory: string): void {
  if (existsSync(join(directory, '.strata'))) return;
  const theirs = ['build', 'outputs'].filter((name) => existsSync(join(directory, name)));
  if (theirs.length === 0) return;
  throw new StrataError({
    code: 'in-use',
    operation: `opening a nix-shell in ${directory}`,
    reason: `there is ${theirs.join(' and ')} in it already, which no nix-shell of Strata's has made`,
    advice: 'name another directory, or none: each target has a place of its own',
  });
}

/** Only what such a shell makes: the directory may be a person's own. */
async function empty(directory: string): Promise<void> {
  if (await isShellOpen(directory)) {
    throw new StrataError({
      code: 'in-use',
      operation: `emptying ${directory}`,
      reason: 'a nix-shell is open there',
      advice: 'close it first, or type startAfresh in it',
    });
  }
  await describingFileErrors(`emptying ${directory}`, async () => {
    for (const name of ['build', 'outputs', '.strata']) {
      await rm(join(directory, name), { recursive: true, force: true });
    }
  });
}
