// A Nix daemon of our own, on a socket of our own, so that tests can build as an ordinary user whatever this machine's
// daemon is set to, and without one. It works on the machine's store. Needs root.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildUsersSetting, nixSettings } from './host-toolchain.mjs';

const startMs = 10_000;

/**
 * Starts it; gives `{ stop }`, or a text that says why it does not start. `socket` is the path it listens on, at most
 * 107 bytes long; `user` is the one it trusts.
 */
export async function startNixDaemon({ socket, user }) {
  const settings = [buildUsersSetting(), ...nixSettings(), `trusted-users = root ${user}`];
  const daemon = spawn('nix-daemon', [], {
    env: {
      ...process.env,
      NIX_REMOTE: '',
      NIX_DAEMON_SOCKET_PATH: socket,
      NIX_CONFIG: settings.join('\n'),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  let ended = false;
  daemon.stderr.on('data', (chunk) => (errors += chunk));
  const end = new Promise((resolve) => {
    daemon.once('error', (error) => resolve((errors += error.message)));
    daemon.once('close', resolve);
  }).then(() => (ended = true));
  const stop = async () => {
    daemon.kill();
    await end;
  };
  for (let waited = 0; !existsSync(socket) && !ended && waited < startMs; waited += 50)
    await sleep(50);
  if (existsSync(socket) && !ended) return { stop };
  await stop();
  return `nix-daemon did not start: ${errors.trim() || `no socket after ${startMs / 1000} s`}`;
}
