// An ordinary user to run tests as, when we are root: a system account, a home and a copy of the checkout that are its
// own. Everything is removed again.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const userName = 'strata-test';

/** Not copied: what the user makes anew, and what the tests do not read. node_modules is linked. */
const leftOut = new Set(['.git', 'dist', 'coverage', 'node_modules']);

/**
 * Makes the account where it is missing, and its directories. Gives `{ uid, gid, home, checkout, directory, remove }`,
 * or a text that says why this cannot be done.
 */
export async function makeOrdinaryUser(root) {
  const made = findUser() === null;
  if (made) {
    const failure = complaint('useradd', [
      '--system',
      '--no-create-home',
      '--user-group',
      userName,
    ]);
    if (failure !== null) return `the user ${userName} cannot be made: ${failure}`;
  }
  const { uid, gid } = findUser();
  // /var/tmp: on a disk, unlike many a /tmp, and open to every user, unlike many a checkout.
  const directory = mkdtempSync('/var/tmp/strata-test-');
  const remove = async () => {
    await endProcessesOf(directory);
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
    // Refused while another test run uses the account; that one removes it.
    if (made) complaint('userdel', [userName]);
  };
  try {
    chmodSync(directory, 0o755);
    const home = join(directory, 'home');
    const checkout = join(directory, 'checkout');
    mkdirSync(home);
    chownSync(home, uid, gid);
    copyCheckout(root, checkout, uid, gid);
    const failure = complaint(process.execPath, ['--version'], { uid, gid, cwd: checkout });
    if (failure === null) return { uid, gid, home, checkout, directory, remove };
    await remove();
    return `another user cannot run ${process.execPath}: ${failure}`;
  } catch (error) {
    await remove();
    throw error;
  }
}

function copyCheckout(root, checkout, uid, gid) {
  mkdirSync(checkout);
  for (const name of readdirSync(root).filter((entry) => !leftOut.has(entry))) {
    cpSync(join(root, name), join(checkout, name), { recursive: true, verbatimSymlinks: true });
  }
  const link = ['--archive', '--link', `${root}node_modules`, checkout];
  const copy = ['--archive', '--reflink=auto', `${root}node_modules`, checkout];
  // Hard links end at the file system's border.
  if (complaint('cp', link) !== null) {
    rmSync(join(checkout, 'node_modules'), { recursive: true, force: true });
    const failure = complaint('cp', copy);
    if (failure !== null) throw new Error(`copying node_modules to ${checkout}: ${failure}`);
  }
  own(checkout, uid, gid);
}

/**
 * Gives the copy to the user. In node_modules only the directories: the files are links to the checkout's own and must
 * keep their owner.
 */
function own(directory, uid, gid, filesToo = true) {
  chownSync(directory, uid, gid);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) own(path, uid, gid, filesToo && entry.name !== 'node_modules');
    else if (filesToo) lchownSync(path, uid, gid);
  }
}

/** What an interrupted run left behind: every process whose HOME is in the directory. Waits until they are gone. */
async function endProcessesOf(directory) {
  for (let round = 0; round < 20; round += 1) {
    const left = processesOf(directory);
    if (left.length === 0) return;
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    }
    await sleep(100);
  }
}

function processesOf(directory) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => environmentOf(pid).includes(`HOME=${directory}/`))
    .map(Number);
}

/** Empty for a process that has ended. */
function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}

function findUser() {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${userName}:`));
  if (line === undefined) return null;
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

/** Runs a program; null where it succeeded, else what it said. */
function complaint(command, args, options = {}) {
  const result = spawnSync(command, args, { ...options, stdio: 'pipe', encoding: 'utf8' });
  if (result.error !== undefined) return result.error.message;
  return result.status === 0 ? null : result.stderr.trim() || `exit status ${result.status}`;
}
