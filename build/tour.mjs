// `npm run tour`: sets up what is needed and shows what Strata is for on a bundled example, in the terminal: a build phase
// by phase, what each phase changed, an edit of what it installs, and the build that resumes from there.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exampleSandbox } from './example-sandbox.mjs';
import { setUpOrExit } from './setup.mjs';
import { textTable } from './text-table.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const strata = join(root, 'build/strata.mjs');

setUpOrExit();
// Ctrl-C ends the command of Strata that is running; we then go on to remove the copy.
process.on('SIGINT', () => undefined);
const sandbox = exampleSandbox();
// The copy is edited.
const copy = mkdtempSync(join(tmpdir(), 'strata-example-'));
try {
  process.exitCode = tour();
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** Gives the exit status. */
function tour() {
  // The examples find their stdenv by a relative path.
  for (const part of ['examples/hello', 'host-stdenv']) {
    cpSync(join(root, 'resources', part), join(copy, part), { recursive: true });
  }
  const target = join(copy, 'examples/hello');
  if (sandbox.note !== null) console.log(sandbox.note);

  heading('Building the example "hello", phase by phase');
  // Whatever an earlier tour left that could be reused.
  const first = timedRun(target, ['--from', 'unpackPhase']);
  if (first.status !== 0) return failed('the build of the example', first.status);

  heading('Its layers');
  show(['ls']);

  heading('What each phase changed');
  for (const line of changesOfPhases(first.phases)) console.log(line);
  console.log('\n    npx strata diff last:installPhase    lists them');

  heading('Now postInstall is edited, and the same command runs again');
  const edit = addToPostInstall(join(target, 'default.nix'));
  console.log(`${edit}\n`);
  const second = timedRun(target);
  if (second.status !== 0) return failed('the build after the edit', second.status);

  heading('Side by side');
  for (const line of comparison(first, second)) console.log(line);
  printWhatNext();
  return 0;
}

/** Runs Strata on the target, shown; gives its status, its time and what its plan said of each phase. */
function timedRun(target, options = []) {
  const plan = capture(['plan', target, ...options, ...sandbox.args, '--json']);
  const phases = plan === null ? [] : JSON.parse(plan).phases;
  const started = performance.now();
  const status = show(['run', target, ...options, ...sandbox.args]);
  return { status, seconds: (performance.now() - started) / 1000, phases };
}

function changesOfPhases(phases) {
  const rows = phases
    .filter(({ action }) => action !== 'skip')
    .map(({ name }) => {
      const changes = JSON.parse(capture(['diff', `last:${name}`, '--json']) ?? '[]');
      const count = (kind) => String(changes.filter((change) => change.kind === kind).length);
      return [name, count('added'), count('modified'), count('removed')];
    });
  return textTable([['phase', 'added', 'modified', 'removed'], ...rows]);
}

/** Gives the line it added. */
function addToPostInstall(file) {
  // At its end, where the directory has been made.
  const postInstall = /postInstall = ''\n(?: {4}.*\n)*/;
  const line = '    echo "built phase by phase" > $out/share/doc/hello/NOTE';
  const text = readFileSync(file, 'utf8');
  if (!postInstall.test(text)) throw new Error(`${file} has no postInstall that could be edited`);
  writeFileSync(
    file,
    text.replace(postInstall, (code) => `${code}${line}\n`),
  );
  return `  + ${line.trim()}`;
}

function comparison(first, second) {
  const count = ({ phases }, action) =>
    String(phases.filter((phase) => phase.action === action).length);
  return textTable([
    ['', 'first run', 'after the edit'],
    ['time', `${first.seconds.toFixed(2)} s`, `${second.seconds.toFixed(2)} s`],
    ['phases that ran', count(first, 'run'), count(second, 'run')],
    ['phases reused', count(first, 'reuse'), count(second, 'reuse')],
  ]);
}

function printWhatNext() {
  heading('What to try next');
  const settings = Object.entries(sandbox.env).map(
    ([name, value]) => `export ${name}=$'${value.replaceAll('\n', '\\n')}'`,
  );
  const options = sandbox.args.length === 0 ? '' : ` ${sandbox.args.join(' ')}`;
  const commands = [
    ...settings,
    'npx strata shell last:buildPhase      # a shell in the state after buildPhase',
    `npx strata run resources/examples/install-fails${options}    # a build that fails in installPhase…`,
    'npx strata shell last:installPhase    # …and a shell in the very state it failed in',
    'npx strata doctor                     # what else this machine could offer',
  ];
  for (const command of commands) console.log(`    ${command}`);
}

/** Runs a command of Strata on our terminal; gives its exit status. */
function show(args) {
  return runStrata(args, 'inherit').status ?? 1;
}

/** What a command of Strata printed; null where it failed, which it has then said on standard error. */
function capture(args) {
  const { status, stdout } = runStrata(args, 'pipe');
  return status === 0 ? stdout : null;
}

function runStrata(args, stdout) {
  return spawnSync(process.execPath, [strata, ...args], {
    env: { ...process.env, ...sandbox.env },
    stdio: ['inherit', stdout, 'inherit'],
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
}

function failed(what, status) {
  console.error(`\n${what} failed (exit status ${status}).`);
  console.error('`npx strata doctor` says whether this machine lacks something.');
  return status;
}

function heading(text) {
  console.log(`\n── ${text}\n`);
}
