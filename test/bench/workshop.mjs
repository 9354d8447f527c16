// Where a run of the benchmarks works: a directory of its own with a copy of Strata as it would be installed (so that edits
// of the checkout meanwhile change nothing), copies of what is built, and cache directories that nobody else uses.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { exampleSandbox } from '../../build/example-sandbox.mjs';
import { Patience } from './quiet.mjs';
import { timedCommand } from './timed-command.mjs';

export class Workshop {
  /** Whether to take less time and be less exact. */
  quick;
  directory;
  /** Where what is built lies: derivations.nix of each row, host-stdenv, the examples. */
  sources;
  #signal;
  #sandbox = exampleSandbox();
  #caches = 0;
  #derivations = new Set();

  /** `root` is the checkout, with a fresh dist/. */
  constructor(root, { quick, signal }) {
    this.quick = quick;
    this.#signal = signal;
    // /var/tmp: on a disk, as cache directories are, unlike many a /tmp.
    this.directory = mkdtempSync(join(process.env.TMPDIR ?? '/var/tmp', 'strata-bench-'));
    this.sources = join(this.directory, 'strata', 'resources');
    for (const part of ['dist', 'resources', 'build/strata.mjs', 'package.json']) {
      cpSync(join(root, part), join(this.directory, 'strata', part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(this.directory, 'strata/node_modules'));
    cpSync(join(root, 'test/bench/derivations'), join(this.sources, 'bench'), { recursive: true });
  }

  /** How long a row may wait for a quiet machine. */
  patience() {
    return new Patience(this.quick ? 10 : 120);
  }

  /** The sources of the rows' own derivations. */
  derivationFile(name) {
    return join(this.sources, 'bench', name);
  }

  /** A new, empty cache directory, as XDG_CACHE_HOME. */
  newCache() {
    this.#caches += 1;
    const cache = join(this.directory, `cache-${this.#caches}`);
    mkdirSync(cache);
    return cache;
  }

  /** Times `strata ARGS` on a cache directory. */
  async strata(cache, args, options = {}) {
    const command = join(this.directory, 'strata/build/strata.mjs');
    const sandbox = args[0] === 'run' ? this.#sandbox.args : [];
    return this.time([process.execPath, command, ...args, ...sandbox], {
      ...options,
      env: { ...process.env, ...this.#sandbox.env, XDG_CACHE_HOME: cache },
    });
  }

  /** The command of `strata serve` on a cache directory, and how to start it. */
  server(cache) {
    return {
      argv: [process.execPath, join(this.directory, 'strata/build/strata.mjs'), 'serve'],
      options: {
        cwd: this.directory,
        env: { ...process.env, ...this.#sandbox.env, XDG_CACHE_HOME: cache },
      },
    };
  }

  /** Times any command; gives what timedCommand gives. */
  async time(argv, options = {}) {
    return timedCommand(argv, {
      directory: this.directory,
      cwd: this.directory,
      signal: this.#signal,
      env: this.nixEnvironment,
      ...options,
    });
  }

  /** The environment in which Nix builds what Strata builds. */
  get nixEnvironment() {
    return { ...process.env, ...this.#sandbox.env };
  }

  /** Evaluates, so that no contender pays for copying the sources to the store. Gives nothing. */
  async instantiate(args) {
    const { lines } = await this.time(['nix-instantiate', ...args], { keep: true });
    for (const { text } of lines) this.#derivations.add(text.replace(/!.*$/, ''));
  }

  /** Why nix-build builds nothing here, for the table; null where it does. */
  async nixRefusal() {
    const target = [this.derivationFile('phases.nix'), '--arg', 'count', '2'];
    await this.instantiate(target);
    try {
      await this.time(['nix-build', '--no-out-link', ...target]);
      return null;
    } catch (error) {
      if (this.#signal.aborted) throw error;
      const advice = 'let its sandbox show /bin /usr /lib /lib64';
      return `not measured: it fails here (${advice}): ${error.message.trim().split('\n').at(-1)}`;
    }
  }

  /** Removes a tree that builds made: with the rights to do so, and without a word. */
  remove(path) {
    if (process.getuid?.() !== 0) spawnSync('chmod', ['-R', 'u+rwX', '--', path]);
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Takes everything away, from Nix's store too. */
  close() {
    for (const derivation of this.#derivations) {
      const env = this.nixEnvironment;
      const { stdout } = spawnSync('nix-store', ['--query', '--outputs', derivation], {
        env,
        encoding: 'utf8',
      });
      const paths = [...(stdout ?? '').split('\n').filter((line) => line !== ''), derivation];
      // Refused where something else keeps one: that is no concern of ours.
      for (const path of paths) spawnSync('nix-store', ['--delete', path], { env });
    }
    this.remove(this.directory);
  }
}
