// The real Nix that engine tests run: the environment its commands need here, or why they cannot run.
import { spawnSync } from 'node:child_process';
import { hostToolPaths } from '../../src-main/host/host-tools.ts';

/** Nix settings, a `name = value` line each, in the form NIX_CONFIG takes. */
function settings(): string {
  // They replace the configured paths: Nix's usual /bin/sh inside a /bin of the host's could be written through to the
  // host.
  const sandboxPaths = `sandbox-paths = ${hostToolPaths().join(' ')}`;
  // A daemon decides about users, substituters and the sandbox itself.
  if (process.env['NIX_REMOTE'] === 'daemon') return sandboxPaths;
  // Without a daemon root would build as users of the group nixbld, which a plain package of Nix does not create.
  const buildUsers = process.getuid?.() === 0 ? ['build-users-group ='] : [];
  return [...buildUsers, 'substituters =', 'sandbox = true', sandboxPaths].join('\n');
}

/** The environment for Nix's commands: this process's, plus settings that go before those of nix.conf. */
export const nixEnv: NodeJS.ProcessEnv = {
  ...process.env,
  NIX_CONFIG: [process.env['NIX_CONFIG'], settings()].filter(Boolean).join('\n'),
};

// The smallest build that needs everything the tests do: the store, the sandbox, and the host's tools inside it.
const probe = `derivation {
  name = "strata-test-probe";
  system = builtins.currentSystem;
  builder = "/bin/bash";
  args = [ "-c" "PATH=/usr/bin:/bin; make --version && cc --version && echo > $out" ];
}`;

function reasonNotToRun(): string | null {
  const { error, status, stderr } = spawnSync('nix-build', ['--no-out-link', '-E', probe], {
    env: nixEnv,
    encoding: 'utf8',
  });
  if (error !== undefined) return `nix-build does not start: ${error.message}`;
  return status === 0 ? null : `Nix cannot build with the host's tools: ${stderr.trim()}`;
}

/** Why tests with real Nix cannot run on this machine, or null where they can. */
export const nixReason: string | null = reasonNotToRun();
