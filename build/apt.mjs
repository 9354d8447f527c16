// Installing Debian packages as root: only those named, without questions, with apt's chatter shown only when it fails.
import { spawnSync } from 'node:child_process';

const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };

/**
 * Installs packages; gives null, or apt's own words where it failed. The package lists are fetched only where they do
 * not know a package, or name a version the archive no longer has; that this fails (no network) matters only if the
 * packages then cannot be installed.
 */
export function aptInstall(packages, say) {
  const areKnown = run('apt-cache', ['show', '--no-all-versions', ...packages]).status === 0;
  if (areKnown) {
    const failure = install(packages);
    if (failure === null) return null;
    say('system packages: apt-get update, as the package lists may be old');
  } else {
    say('system packages: apt-get update, as the package lists do not name them all');
  }
  const update = run('apt-get', ['update', '-qq']);
  if (update.status !== 0)
    say(`system packages: apt-get update failed: ${lastLine(update.output)}`);
  return install(packages);
}

function install(packages) {
  const result = run('apt-get', [
    'install',
    '--yes',
    '-qq',
    '--no-install-recommends',
    // Another apt may be at work, such as the one of a machine that has just started.
    '-o',
    'DPkg::Lock::Timeout=300',
    ...packages,
  ]);
  return result.status === 0 ? null : result.output;
}

function run(command, args) {
  const result = spawnSync(command, args, {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const output = result.error?.message ?? `${result.stdout}${result.stderr}`.trim();
  return { status: result.status, output };
}

function lastLine(text) {
  return text.slice(text.lastIndexOf('\n') + 1);
}
