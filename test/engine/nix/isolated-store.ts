/**
 * A Nix store of the test's own, in a temporary directory: any user can have one, and nothing of the machine's store is
 * touched. Builds in it are sandboxed and use the host's tools.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface IsolatedStore {
  /** A directory for the test's own files. */
  readonly directory: string;
  readonly storeDirectory: string;
  /** Writes a file into the directory and gives its path. */
  readonly write: (name: string, text: string) => string;
  readonly remove: () => void;
}

/** Why the tests of this folder cannot run on this machine; null where they can. */
export const NO_NIX: string | null = reasonNotToRun();

/** Makes a store and sets the environment of this process (and so of all Nix it starts) to it. */
export function isolateStore(): IsolatedStore {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'strata-nix-')));
  const directory = join(root, 'files');
  mkdirSync(directory);
  const storeDirectory = join(root, 'store');
  const hostPaths = ['/bin', '/usr', '/lib', '/lib64', '/etc/alternatives'].filter(existsSync);
  const settings: Readonly<Record<string, string>> = {
    HOME: root,
    // No daemon, whatever the machine has.
    NIX_REMOTE: 'local',
    NIX_STORE_DIR: storeDirectory,
    NIX_LOCALSTATE_DIR: join(root, 'var'),
    NIX_STATE_DIR: join(root, 'var', 'nix'),
    NIX_LOG_DIR: join(root, 'log'),
    NIX_CONF_DIR: join(root, 'etc'),
    NIX_CONFIG: [
      'build-users-group =',
      'substituters =',
      'sandbox = true',
      `sandbox-paths = ${hostPaths.join(' ')}`,
      'cores = 3',
    ].join('\n'),
  };
  const before = Object.keys(settings).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, settings);
  return {
    directory,
    storeDirectory,
    write: (name, text) => {
      const path = join(directory, name);
      writeFileSync(path, text);
      return path;
    },
    remove: () => {
      for (const [name, value] of before) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
      // The store's contents are read-only.
      spawnSync('chmod', ['-R', 'u+w', root]);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Builds the smallest derivation in a store of its own: that needs all that the tests do. */
function reasonNotToRun(): string | null {
  const store = isolateStore();
  const probe = `derivation {
    name = "probe"; system = builtins.currentSystem; builder = "/bin/bash";
    args = [ "-c" "PATH=/usr/bin:/bin; env > $out" ];
  }`;
  const args = ['--no-out-link', '--expr', probe];
  const { error, status, stderr } = spawnSync('nix-build', args, { encoding: 'utf8' });
  store.remove();
  if (error !== undefined) return `nix-build does not start: ${error.message}`;
  return status === 0 ? null : `Nix cannot build with the host's tools: ${stderr.trim()}`;
}
