// What a builder finds around it in Strata is what it finds in Nix: environment, users, files, devices, network, limits.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostToolPaths } from '../../../src-main/host/host-tools.ts';
import { readDerivation } from '../../../src-main/nix/aterm.ts';
import { nixEnv, nixReason } from '../real-nix.ts';
import { packageOf, stdenvs, type Attributes } from './stdenvs.ts';
import { Workbench } from './workbench.ts';

/** Questions a builder can ask, each a command whose output is the answer. */
const QUESTIONS: Readonly<Record<string, string>> = {
  // SHLVL and OLDPWD count shells and moves; a phase has a shell of its own.
  environment: `env -0 | sort -z | grep -zvE '^(SHLVL|OLDPWD|_|facts|buildPhase|buildCommand)=' | tr '\\0\\n' '\\n;'`,
  users: 'id; cat /etc/passwd /etc/group',
  'files in /etc': `find /etc -maxdepth 1 -not -type d -printf '%f %m\\n' | sort; cat /etc/hosts`,
  hostname: 'uname -n; cat /proc/sys/kernel/domainname',
  machine: 'uname -m',
  network: `tail -n +3 /proc/net/dev | sed 's/:.*//'; (echo > /dev/tcp/127.0.0.1/1) 2>&1 | sed 's/.*: //'`,
  // bubblewrap adds these two.
  devices: `find /dev -mindepth 1 -maxdepth 1 -printf '%f\\n' | grep -vxE 'console|core' | sort`,
  'the store': 'ls -a /nix/store | grep -v ^strata',
  'directories at the top': 'ls -A / | grep -vx .strata',
  'the build directory': `find /build -mindepth 1 -maxdepth 1 -not -name env-vars -printf '%f %m %U:%G\\n' | sort; stat -c '%a' /build`,
  'temporary files': `stat -c '%a' /tmp; touch /tmp/mine && rm /tmp/mine && echo written`,
  'what can be written':
    'for d in / /etc /nix/store /build /tmp /dev; do [[ -w $d ]] && echo "$d"; done; true',
  umask: 'umask; touch made; stat -c %a made; rm made',
  'standard input': 'readlink /proc/self/fd/0; cat',
  'open files': `find /proc/$BASHPID/fd -printf '%f\\n' | grep -vxE 'fd|[3-9]|255' | sort`,
  limits: 'ulimit -S -c; ulimit -n',
  'address randomisation': 'cat /proc/self/personality',
  'process numbers': '[[ $$ == 1 ]] && echo first',
  capabilities: `grep -E '^(CapEff|CapPrm|NoNewPrivs)' /proc/self/status`,
  'directory of work': 'pwd',
};

// Nix answers from its store what it has built before: on a machine that shows more to builds now, it is to be asked again.
const facts = [
  `# with ${hostToolPaths().join(' ')}\n`,
  ...Object.entries(QUESTIONS).map(
    ([question, command]) => `echo "## ${question}"\n{ ${command}; } || true\n`,
  ),
].join('');

/** A script as a Nix string. */
const nixString = (text: string): string =>
  `''\n${text.replaceAll("''", "'''").replaceAll('${', "''${")}''`;

/** Answers by question, each as its lines; those about the store sorted, since hashes differ. */
function answers(text: string): Record<string, readonly string[]> {
  const parts = text.split(/^## (.*)\n/m).slice(1);
  return Object.fromEntries(
    Object.keys(QUESTIONS).map((question) => {
      const lines = (parts[parts.indexOf(question) + 1] ?? '(none)').split('\n');
      return [question, question === 'the store' ? lines.toSorted() : lines];
    }),
  );
}

/** Asks in both: gives Strata's answers and Nix's, with Nix's paths in both. */
async function askBoth(bench: Workbench, expression: string) {
  const ran = await bench.run(expression);
  expect(ran.status, ran.lines.join('\n')).toBe('succeeded');
  const run = (tool: string, args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync(tool, args, { env: nixEnv, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${tool}: ${stderr}`);
    return stdout.trim();
  };
  const path = run('nix-instantiate', [bench.file(expression)]);
  run('nix-store', ['--realise', path]);
  const out = (await readDerivation(path)).outputs.get('out')?.path ?? '';
  const scratch = ran.outputs['out'] ?? '';
  const ours = (await bench.read(ran.snapshot, scratch)) ?? '';
  const hash = (store: string): string => basename(store).slice(0, 32);
  return {
    // nixpkgs' hook for reproducible builds takes ten digits of the hash.
    ours: answers(
      ours
        .replaceAll(hash(scratch), hash(out))
        .replaceAll(hash(scratch).slice(0, 10), hash(out).slice(0, 10)),
    ),
    nixs: answers(readFileSync(out, 'latin1')),
  };
}

const suite = nixReason === null ? '' : ` (skipped: ${nixReason})`;

describe.skipIf(nixReason !== null)(`what a builder finds${suite}`, () => {
  let bench: Workbench;
  beforeAll(() => {
    bench = Workbench.open();
  });
  afterAll(() => bench.close());

  const asked: Readonly<Record<string, Attributes>> = {
    'in a phase': {
      name: '"facts"',
      phases: '[ "onePhase" "buildPhase" ]',
      onePhase: '"mkdir /build/work; cd /build/work"',
      buildPhase: nixString(`{\n${facts}} > $out`),
    },
    'in buildCommand': {
      name: '"facts-command"',
      odd: '"a \\" b\\n$c \\\\ é"',
      buildCommand: nixString(`{\n${facts}} > $out`),
    },
  };

  describe.each(stdenvs)('$name', (stdenv) => {
    test.each(Object.entries(asked))('%s', async (_, attributes) => {
      const { ours, nixs } = await askBoth(bench, packageOf(stdenv, attributes));
      expect(ours).toEqual(nixs);
    });
  });

  test('without a stdenv', async () => {
    const { ours, nixs } = await askBoth(
      bench,
      `derivation {
        name = "facts-plain"; system = builtins.currentSystem;
        builder = "/bin/bash"; args = [ "-c" ${nixString(`PATH=/usr/bin:/bin\n{\n${facts}} > $out`)} ];
      }`,
    );
    expect(ours).toEqual(nixs);
  });

  test('with a fixed output, where the network is there', async () => {
    // What it prints differs from run to run, so it goes to the log.
    const answer = async (command: string): Promise<string> => {
      const { lines } = await bench.run(`derivation {
        name = "fetched"; system = builtins.currentSystem;
        builder = "/bin/bash"; args = [ "-c" ${nixString(`PATH=/usr/bin:/bin; ${command}; echo -n > $out`)} ];
        outputHashMode = "flat"; outputHashAlgo = "sha256"; outputHash = builtins.hashString "sha256" "";
        impureEnvVars = [ "STRATA_TEST_PROXY" ];
      }`);
      return lines.join('\n');
    };
    const interfaces = spawnSync('sh', ['-c', "tail -n +3 /proc/net/dev | sed 's/:.*//'"], {
      encoding: 'utf8',
    }).stdout.trimEnd();
    expect(await answer(QUESTIONS['network']?.replace(/;.*/, '') ?? '')).toBe(interfaces);
    expect(await answer('ls /etc | sort | tr "\\n" " "')).toMatch(/\bhosts\b.*\bnsswitch\.conf\b/);
    expect(await answer('echo "[$STRATA_TEST_PROXY] $NIX_OUTPUT_CHECKED"')).toBe('[] 1');
  });
});
