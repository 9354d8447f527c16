/** The built program on the bundled examples: a directory with copies of them that a test may edit, and a cache of its own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nixEnv, nixReason } from '../real-nix.ts';
import { WITHIN_REASON } from '../bad-days/strata.ts';
import { namespaceRefusal } from '../snapshots/mounted.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = join(root, 'build/strata.mjs');

/** Why builds cannot run on this machine; null where they can. */
export const refusal = nixReason ?? namespaceRefusal();

export interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class CommandLine {
  /** Holds `examples/NAME` and the stdenv they import. */
  readonly directory: string;
  readonly cache: string;
  readonly env: NodeJS.ProcessEnv;

  constructor() {
    this.directory = realpathSync(mkdtempSync(join(tmpdir(), 'strata-cli-')));
    this.cache = join(this.directory, 'cache', 'strata');
    for (const part of ['examples', 'host-stdenv']) {
      cpSync(join(root, 'resources', part), join(this.directory, part), { recursive: true });
    }
    this.env = {
      ...nixEnv,
      XDG_CACHE_HOME: join(this.directory, 'cache'),
      XDG_DATA_HOME: join(this.directory, 'data'),
      XDG_CONFIG_HOME: join(this.directory, 'config'),
      TERM: 'xterm',
    };
    // What the tests are started with would change what is printed.
    for (const name of ['NO_COLOR', 'FORCE_COLOR', 'npm_command', 'npm_execpath']) {
      Reflect.deleteProperty(this.env, name);
    }
  }

  /** Runs `strata` to its end. */
  run(...words: readonly string[]): Answer {
    return this.runWith('', ...words);
  }

  /** The same with something on standard input. */
  runWith(input: string, ...words: readonly string[]): Answer {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
      cwd: this.directory,
      env: this.env,
      input,
      encoding: 'utf8',
      ...WITHIN_REASON,
    });
    return { status, stdout, stderr };
  }

  /** Runs a shell script in which `strata` is the program, whose file is `$STRATA`. */
  script(text: string): Answer {
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['-c', `strata() { '${process.execPath}' '${program}' "$@"; }\n${text}`],
      {
        cwd: this.directory,
        env: { ...this.env, STRATA: program },
        encoding: 'utf8',
        ...WITHIN_REASON,
      },
    );
    return { status, stdout, stderr };
  }

  /** Starts `strata` and lets it run. */
  start(...words: readonly string[]): ChildProcess {
    return spawn(process.execPath, [program, ...words], { cwd: this.directory, env: this.env });
  }

  /** Writes a package that is built with the host's stdenv; gives the target. */
  write(name: string, attributes: string): string {
    const file = `${name}.nix`;
    writeFileSync(
      join(this.directory, file),
      `let stdenv = import ./host-stdenv { }; in stdenv.mkDerivation { name = "${name}"; dontUnpack = true; installPhase = "touch $out"; ${attributes} }`,
    );
    return file;
  }

  /** Puts a shell script on the PATH of what is started from now on, before whatever else has its name. */
  writeProgram(name: string, script: string): void {
    const directory = join(this.directory, 'bin');
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const path = this.env['PATH'] ?? '';
    if (!path.startsWith(`${directory}:`)) this.env['PATH'] = `${directory}:${path}`;
  }

  /** Edits a file of the directory. */
  edit(file: string, from: string, to: string): void {
    const path = join(this.directory, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }

  remove(): void {
    // Layers hold directories that nobody may enter; a shell as their owner can change that.
    spawnSync('chmod', ['-R', 'u+rwx', this.directory]);
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** The events of `run --json`. */
export function eventsOf({ stdout }: Answer): readonly Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
