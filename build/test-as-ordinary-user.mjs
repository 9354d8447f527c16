// The engine's tests once more as an ordinary user, when we are root: namespaces, mounts and the Nix daemon are another
// world for those who are not.
import { join } from 'node:path';
import { nixSettings } from './host-toolchain.mjs';
import { makeOrdinaryUser, userName } from './ordinary-user.mjs';
import { startNixDaemon } from './private-nix-daemon.mjs';
import { runVitest } from './vitest-run.mjs';

/** Gives what {@link runVitest} gives; where this machine cannot do it, one skip with the reason. */
export async function testAsOrdinaryUser(root, args, signal) {
  const user = await makeOrdinaryUser(root);
  if (typeof user === 'string') return skipped(user);
  try {
    const socket = join(user.home, 'nix-daemon.socket');
    const daemon = await startNixDaemon({ socket, user: userName });
    if (typeof daemon === 'string') return skipped(daemon);
    try {
      return await runVitest(['--project=engine', '--passWithNoTests', ...args], {
        reportFile: join(user.home, 'test-report.json'),
        signal,
        cwd: user.checkout,
        uid: user.uid,
        gid: user.gid,
        env: environment(user, socket),
      });
    } finally {
      await daemon.stop();
    }
  } finally {
    await user.remove();
  }
}

function skipped(reason) {
  return { passed: 0, failures: [], skips: [{ name: 'the engine as an ordinary user', reason }] };
}

/** Nothing of root's session but what programs are found by. */
function environment({ home }, socket) {
  const { PATH, LANG, LC_ALL, TZ, CI } = process.env;
  const kept = Object.entries({ PATH, LANG, LC_ALL, TZ, CI }).filter(
    ([, value]) => value !== undefined,
  );
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    USER: userName,
    LOGNAME: userName,
    SHELL: '/bin/bash',
    TMPDIR: home,
    XDG_CACHE_HOME: join(home, '.cache'),
    NIX_REMOTE: 'daemon',
    NIX_DAEMON_SOCKET_PATH: socket,
    // A client sends what its nix.conf says to the daemon, and Debian's says `sandbox = false`.
    NIX_CONFIG: nixSettings().join('\n'),
    // Tests that behave differently for one who is not root by design can ask.
    STRATA_TEST_AS: 'ordinary-user',
  };
}
