// Sees to the programs of the machine: installs the missing ones where we may (root, apt-get), and says exactly what to
// install where we may not.
import { aptInstall } from './apt.mjs';
import { distribution, installAdvice, packageNames } from './distribution.mjs';
import { missingPrograms } from './programs.mjs';
import { SetUpError } from './set-up-error.mjs';

/**
 * `test`, `bench`: the programs of the tests, of the benchmarks too. Throws SetUpError where a required program is and stays
 * missing.
 */
export function installSystemPackages({ test, bench }, say) {
  const family = distribution();
  const missing = missingPrograms({ test, bench });
  if (missing.length === 0) return;
  if (family === 'debian' && process.getuid?.() === 0) installWithApt(missing, say);
  const lacking = missingPrograms({ test, bench });
  const required = lacking.filter((program) => program.required);
  const optional = lacking.filter((program) => !program.required);
  for (const { tool, without } of optional) say(`not installed: ${tool} (without it, ${without})`);
  if (required.length === 0) {
    if (optional.length > 0)
      say(`to install: ${installAdvice(optional, family).join('\n            ')}`);
    return;
  }
  throw new SetUpError(
    [
      'Programs that Strata needs are not on PATH:',
      ...required.map(({ tool, purpose }) => `    ${tool.padEnd(10)}  ${purpose}`),
      'Install them:',
      ...installAdvice(lacking, family).map((line) => `    ${line}`),
    ].join('\n'),
  );
}

/** One after the other where all at once fails: an optional package that has no candidate must not keep the rest away. */
function installWithApt(programs, say) {
  const required = packageNames(
    programs.filter((program) => program.required),
    'debian',
  );
  const all = packageNames(programs, 'debian');
  say(`system packages: installing ${all.join(' ')} with apt-get (not on PATH)`);
  const failure = aptInstall(all, say);
  if (failure === null) return;
  say(`system packages: apt-get failed:\n${failure}`);
  if (required.length === 0 || required.length === all.length) return;
  say(`system packages: installing only what is required: ${required.join(' ')}`);
  const failedAgain = aptInstall(required, say);
  if (failedAgain !== null) say(`system packages: apt-get failed:\n${failedAgain}`);
}
