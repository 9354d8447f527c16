/** Strata for somebody whom the Nix daemon does not trust: a daemon of the test's own, started by root. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hostToolPaths } from '../../../src-main/host/host-tools.ts';
import { CommandLine, refusal, type Answer } from './command-line.ts';
import { titled } from '../snapshots/mounted.ts';

const NOBODY = 'setpriv --reuid 65534 --regid 65534 --clear-groups';
const SETTINGS = [
  'build-users-group =',
  'sandbox = true',
  `sandbox-paths = ${hostToolPaths().join(' ')}`,
  'substituters =',
  'trusted-users = root',
];

/** Why there can be no such user here; null where there can. */
function userRefusal(): string | null {
  if (process.getuid?.() !== 0) return 'only root can start a daemon and become another user';
  const sees = spawnSync('sh', ['-c', `${NOBODY} test -r "$0"`, import.meta.filename]);
  return sees.status === 0 ? null : 'another user cannot read this checkout';
}

const reason = refusal ?? userRefusal();

describe.skipIf(reason !== null)(titled('for an untrusted user', reason), () => {
  const cli = new CommandLine();
  const cache = join(cli.directory, 'filled');
  let daemon: ChildProcess | null = null;

  async function startDaemon(...more: readonly string[]): Promise<void> {
    const socket = join(cli.directory, 'socket');
    const env = { ...process.env, NIX_REMOTE: '', NIX_DAEMON_SOCKET_PATH: socket };
    daemon = spawn('nix-daemon', [], {
      env: { ...env, NIX_CONFIG: [...SETTINGS, ...more].join('\n') },
      stdio: 'ignore',
    });
    for (let waited = 0; !existsSync(socket) && waited < 10_000; waited += 50) await sleep(50);
    Object.assign(cli.env, { NIX_REMOTE: 'daemon', NIX_DAEMON_SOCKET_PATH: socket });
    // What the client's nix.conf would say on a machine with such a daemon.
    cli.env['NIX_CONFIG'] = [...SETTINGS, ...more].join('\n');
  }

  beforeAll(() => {
    // Built each time anew, and one that fails.
    const derivation = (name: string, script: string): string =>
      `derivation { name = "${name}-\${toString builtins.currentTime}"; system = builtins.currentSystem; builder = "/bin/bash"; args = [ "-c" "${script}" ]; }`;
    writeFileSync(join(cli.directory, 'good.nix'), derivation('good', 'echo > $out'));
    writeFileSync(join(cli.directory, 'bad.nix'), derivation('bad', 'exit 1'));
    expect(cli.run('cache', 'export', 'examples/hello', '--inputs', cache).status).toBe(0);
  });

  afterEach(async () => {
    const gone = new Promise((resolve) => daemon?.once('exit', resolve));
    if (daemon?.kill() === true) await gone;
    daemon = null;
    spawnSync('rm', ['-f', join(cli.directory, 'socket')]);
  });
  afterAll(() => cli.remove());

  /** `strata` as the user. */
  function strata(...words: readonly string[]): Answer {
    const own = `cd '${cli.directory}'; chown -R 65534 .; chmod 755 .; chown root socket`;
    return cli.script(
      `${own}; HOME=$PWD USER=nobody ${NOBODY} '${process.execPath}' "$STRATA" ${words.join(' ')} </dev/null`,
    );
  }

  const sandboxLine =
    'put this line into /etc/nix/nix.conf and restart the daemon: sandbox = false';
  const trustLine = /making nobody root: extra-trusted-users = nobody/;

  it('nix-build and nix-options say that the sandbox stays, and what allows it', async () => {
    await startDaemon();
    const options = strata('nix-options').stdout;
    expect(options).toMatch(
      /✗ --option sandbox false {2}the daemon ignores it, as nobody is no trusted user/,
    );
    expect(options).toContain(sandboxLine);
    const built = strata('nix-build', 'good.nix', '--no-out-link', '--option sandbox false');
    expect(built.status).toBe(0);
    expect(built.stderr).toContain('--option sandbox false does not count: the daemon ignores it');
    expect(built.stderr).toContain(sandboxLine);
    expect(built.stderr).toMatch(trustLine);
    const held = strata('nix-build', '--hold', 'good.nix', '--option sandbox false');
    expect(held.stderr).toContain('--option sandbox false does not count: the daemon ignores it');
  });

  it('say of an unsigned cache that nothing comes from there, before and after a build', async () => {
    await startDaemon();
    const uri = `file://${cache}?trusted=1`;
    const line = `put this line into /etc/nix/nix.conf and restart the daemon: extra-trusted-substituters = ${uri}`;
    const added = strata('cache', 'add', cache);
    expect(added.status).toBe(0);
    expect(added.stdout).toContain(`the next builds fetch from ${cache}; what is in it`);
    expect(added.stdout).toContain('but as nix.conf is, Nix will not: the daemon ignores it');
    expect(added.stdout).toContain(line);
    const run = strata('run', 'good.nix', '-q');
    expect(run.status).toBe(0);
    // Nix's own words, once the inputs were looked for.
    const exported = strata('cache', 'export', 'good.nix', 'of-good');
    expect(exported.status).toBe(0);
    expect(exported.stderr).toContain(`the setting substituters = ${uri} does not count`);
    expect(exported.stderr).toContain(line);
    strata('cache', 'remove', cache);
  });

  it('say it after the build too where the settings let one expect otherwise', async () => {
    await startDaemon();
    // This user's own settings are of somebody who is trusted; the daemon's are not.
    cli.env['NIX_CONFIG'] = [...SETTINGS, 'trusted-users = nobody'].join('\n');
    const { status, stderr } = strata(
      ...['nix-build', 'good.nix', '--no-out-link', '--option substituters file:///nowhere'],
    );
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /^strata: the setting substituters = file:\/\/\/nowhere does not count: the daemon ignores it, as nobody is no trusted user\n/,
    );
    expect(stderr).toContain('extra-trusted-substituters = file:///nowhere');
  });

  it('say nothing of a cache once its line is in the daemon’s settings', async () => {
    await startDaemon(`extra-trusted-substituters = file://${cache}?trusted=1`);
    const added = strata('cache', 'add', cache);
    expect(added.stdout).toContain(`the next builds fetch from ${cache}`);
    expect(added.stdout).not.toContain('Nix will not');
    const exported = strata('cache', 'export', 'good.nix', 'of-another');
    expect(exported).toMatchObject({ status: 0 });
    expect(exported.stderr).not.toContain('does not count');
  });
});
