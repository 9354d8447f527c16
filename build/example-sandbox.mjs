// How the bundled example can be built on this machine: it uses the host's compiler, which a sandbox shows only where
// Nix is set to, or where it is told to.
import { spawnSync } from 'node:child_process';
import { buildUsersSetting, nixSettings, sandboxPaths } from './host-toolchain.mjs';

/**
 * Gives `{ env, args, note }`: variables to add for Strata's commands, options to add to `strata run`, and a line that
 * says what was done; null where nothing had to be.
 */
export function exampleSandbox() {
  if (process.env.NIX_CONFIG !== undefined) return askNix();
  if (process.getuid?.() !== 0) return askNix();
  return {
    env: { NIX_CONFIG: [buildUsersSetting(), ...nixSettings()].join('\n') },
    args: [],
    note: `For this example Nix is told to show its sandbox ${sandboxPaths().join(' ')}, and to download nothing (NIX_CONFIG; your settings stay as they are).`,
  };
}

function askNix() {
  const shown = shownPaths();
  const hidden = sandboxPaths().filter((path) => !shown.has(path));
  if (hidden.length === 0) return { env: {}, args: [], note: null };
  return {
    env: {},
    args: ['--sandbox', 'relaxed', ...hidden.flatMap((path) => ['--bind', path])],
    note: `Nix's sandbox does not show ${hidden.join(' ')} here, which the example needs: it runs with --sandbox relaxed and --bind.`,
  };
}

/** The paths of Nix's sandbox-paths; none where it does not say. `show-config` became `config show` in Nix 2.20. */
function shownPaths() {
  for (const command of [['config', 'show'], ['show-config']]) {
    const args = ['--extra-experimental-features', 'nix-command', ...command, '--json'];
    const { status, stdout } = spawnSync('nix', args, { encoding: 'utf8' });
    if (status !== 0) continue;
    const entries = JSON.parse(stdout)['sandbox-paths']?.value ?? [];
    return new Set(entries.map((entry) => entry.replace(/[=?].*$/, '')));
  }
  return new Set();
}
