// Installs the npm packages of the lock file where they are not there, or are others than the lock file names.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { SetUpError } from './set-up-error.mjs';

/** Runs `npm ci` where it is needed. `root` is the checkout, with a slash at its end; `say` prints a line. */
export function installNpmPackages(root, say) {
  const installed = readPackages(`${root}node_modules/.package-lock.json`);
  const reason = reasonToInstall(readPackages(`${root}package-lock.json`), installed);
  if (reason === null) return;
  say(`npm packages: installing with npm ci (${reason})`);
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const [command, ...first] = npmCommand();
  const result = spawnSync(command, [...first, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (result.error !== undefined) {
    throw new SetUpError(
      `npm cannot be started: ${result.error.message}\nInstall npm; it comes with Node.`,
    );
  }
  if (result.status !== 0) {
    throw new SetUpError(
      `npm ci failed (exit status ${result.status}); its reason is above.\nRun \`npm ci\` in ${root} once it is solved.`,
    );
  }
}

/** The clause that says why, or null. Contents decide and not times: a checkout or a copy changes those. */
function reasonToInstall(wanted, installed) {
  if (installed === null) return 'node_modules is missing';
  for (const [path, { version, integrity, optional, link }] of Object.entries(wanted ?? {})) {
    if (path === '' || link) continue;
    const found = installed[path];
    // Packages for other platforms are optional and left out.
    if (found === undefined && optional) continue;
    if (found?.version !== version || found.integrity !== integrity) {
      return `${path.replace(/^.*node_modules\//, '')} is not the one of package-lock.json`;
    }
  }
  return null;
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** The npm that started us, which may not be on PATH; else the one that is. */
function npmCommand() {
  const script = process.env.npm_execpath;
  return script !== undefined && /npm-cli\.c?js$/.test(script)
    ? [process.execPath, script]
    : ['npm'];
}
