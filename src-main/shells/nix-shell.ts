/**
 * The environment of a derivation outside the sandbox, in a directory that is kept: what `nix-shell` gives, with outputs that can
 * be written and phases that stop at their first error.
 *
 *     DIRECTORY/build/      what is /build in a build: sources, objects
 *     DIRECTORY/outputs/    what is /nix/store/… there: one entry an output
 *     DIRECTORY/.strata/    see resources/hooks/nix-shell.bash; one directory there for each shell that is open
 */
import { copyFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { encodePath } from '../host/byte-path.ts';
import { describingFileErrors, makeNamedDirectories } from '../host/durable.ts';
import { quoteForShell } from '../host/shell-word.ts';
import type { BuildEnvironment } from '../nix/build-environment.ts';
import { hookFile } from '../phases/hook-files.ts';
import { addShellDirectory } from './nix-shell-directories.ts';

export interface NixShellWish {
  /** Whether nothing of the caller's environment is left beside what a terminal needs, as `nix-shell --pure` has it. */
  readonly purity: 'pure' | 'impure';
  /** A command with its arguments, or one text of shell code; empty for an interactive shell. */
  readonly command: readonly string[];
  /** Whether the phases are listed at the top of an interactive shell; `elsewhere` where a front shows them. */
  readonly phases: 'listed' | 'elsewhere';
}

/** The words of a program and its environment. */
export interface NixShellProcess {
  /** Of this shell alone; to be removed when it has ended. */
  readonly own: string;
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly directory: string;
}

/** Of the caller's environment in a pure shell: what `nix-shell --pure` keeps (nix-build.cc, `keepVars`). */
const KEPT: ReadonlySet<string> = new Set([
  'HOME',
  'XDG_RUNTIME_DIR',
  'USER',
  'LOGNAME',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'WAYLAND_SOCKET',
  'TERM',
  'TZ',
  'PAGER',
  'SHLVL',
  'http_proxy',
  'https_proxy',
  'ftp_proxy',
  'all_proxy',
  'no_proxy',
]);

/** Of the builder's environment: what would take a person's own away, and what makes a stdenv talk to Nix. */
const NOT_TAKEN: ReadonlySet<string> = new Set(['HOME', 'PATH', 'TERM', 'PWD', 'NIX_LOG_FD']);

/** Where a shell's build directory is. */
export function buildDirectory(directory: string): string {
  return join(directory, 'build');
}

/** Where an output is written, instead of into the store. */
export function outputDirectory(directory: string, output: string): string {
  return join(directory, 'outputs', output);
}

/**
 * Makes the directory, or goes on in it, and gives what is to be started there.
 *
 * @param environment with {@link buildDirectory} and {@link outputDirectory} in the place of the build's own
 * @param caller the caller's own environment
 * @param bash an interactive one
 * @throws StrataError `environment` where the directory cannot be written.
 */
export async function prepareNixShell(
  directory: string,
  environment: BuildEnvironment,
  caller: Readonly<Record<string, string | undefined>>,
  bash: string,
  { purity, command, phases }: NixShellWish,
): Promise<NixShellProcess> {
  const own = await addShellDirectory(directory);
  await describingFileErrors(`making ${directory}`, async () => {
    for (const one of [buildDirectory(directory), join(directory, 'outputs')]) {
      await makeNamedDirectories(one, `making ${directory}`);
    }
    for (const { path, contents, mode } of environment.files) {
      await writeFile(path, contents, { mode });
    }
    await copyFile(hookFile('nix-shell.bash'), join(own, 'start.bash'));
    await copyFile(hookFile('nix-shell-phase.bash'), join(own, 'phase.bash'));
    await writeFile(join(own, 'caller-path'), encodePath(caller['PATH'] ?? ''));
    const given = environment.files.map(({ path }) => `${basename(path)}\n`);
    await writeFile(join(own, 'given'), given.join(''));
    await writeFile(join(own, 'greeting'), greeting(directory, environment, purity, phases));
    if (phases === 'listed') await writeFile(join(own, 'list'), '');
    if (purity === 'impure') await writeFile(join(own, 'keep'), '');
    await writeFile(join(own, 'command.bash'), commandScript(own, command));
  });
  const start =
    command.length === 0
      ? (['--rcfile', join(own, 'start.bash'), '-i'] as const)
      : ([join(own, 'command.bash')] as const);
  return {
    own,
    argv: [bash, ...(command.length === 0 ? [] : ['--norc']), ...start],
    env: shellEnvironment(environment, caller, purity),
    directory: buildDirectory(directory),
  };
}

/** What it differs in from a build, in two lines, and how to go on. */
function greeting(
  directory: string,
  { outputs }: Pick<BuildEnvironment, 'outputs'>,
  purity: NixShellWish['purity'],
  phases: NixShellWish['phases'],
): string {
  const [first = 'out'] = outputs.keys();
  if (phases === 'elsewhere') {
    // A pane of a small window has three lines, for these and the prompt.
    const own = purity === 'pure' ? 'home, files' : 'variables, PATH, home';
    return [
      `No sandbox: phases see your ${own} and network.`,
      `$${first} is outputs/${first} beside build, not in the store; both are kept.`,
    ].join('\n');
  }
  const seen =
    purity === 'pure'
      ? 'the phases see your home, and files, network and users of this machine'
      : 'the phases see your variables, PATH and home, and files, network and users of this machine';
  return [
    `No sandbox: ${seen}; a real build does not.`,
    `$${first} is ${outputDirectory(directory, first)}, not in the store; the directory is kept.`,
    'runPhase NAME runs a phase as the build does, runPhases all that are left, phases lists them:',
  ].join('\n');
}

function commandScript(own: string, command: readonly string[]): string {
  const [code = ''] = command;
  const words = command.length === 1 ? code : command.map(quoteForShell).join(' ');
  return `. ${quoteForShell(join(own, 'start.bash'))}\n${words}\n`;
}

/** The builder's variables over the caller's own, or over the few that a pure shell keeps. */
function shellEnvironment(
  environment: BuildEnvironment,
  caller: Readonly<Record<string, string | undefined>>,
  purity: NixShellWish['purity'],
): Readonly<Record<string, string>> {
  // As in a builder that sets none; a stdenv does.
  const env: Record<string, string> = { PATH: '/path-not-set' };
  for (const [name, value] of Object.entries(caller)) {
    if (value !== undefined && (purity === 'impure' || KEPT.has(name))) env[name] = value;
  }
  for (const [name, value] of environment.env) {
    if (!NOT_TAKEN.has(name)) env[name] = value;
  }
  return { ...env, IN_NIX_SHELL: purity };
}
