// From a fresh clone with nothing but Node to a checkout that runs: npm packages and programs of the machine. Does
// nothing and says nothing where all is there. Uses Node's own modules alone, as it runs before the packages are there.
import { fileURLToPath } from 'node:url';
import { checkNodeVersion } from './node-version.mjs';
import { installNpmPackages } from './npm-packages.mjs';
import { SetUpError } from './set-up-error.mjs';
import { installSystemPackages } from './system-packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Throws SetUpError where a person has to do something. `test`: what the tests alone need is wanted too; `bench`: what the
 * benchmarks compare with.
 */
export function setUp({ test = false, bench = false } = {}) {
  const say = (line) => process.stderr.write(`set-up: ${line}\n`);
  checkNodeVersion();
  installSystemPackages({ test, bench }, say);
  installNpmPackages(root, say);
}

/** As {@link setUp}, for a script that has nothing else to do where it fails: says why and ends it. */
export function setUpOrExit(options) {
  try {
    setUp(options);
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setUpOrExit();
