// How a build goes from phase to phase: what it prints is what it prints under Nix, line by line, to its success or failure.
import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDerivation } from '../../../src-main/nix/aterm.ts';
import { nixEnv, nixReason } from '../real-nix.ts';
import { packageOf, stdenvs, type Attributes } from './stdenvs.ts';
import { Workbench } from './workbench.ts';

/** A Nix string. */
const script = (text: string): string =>
  `''\n${text.replaceAll("''", "'''").replaceAll('${', "''${")}\n''`;

/** Attributes of packages, each with a story to tell in its log. */
const stories: Readonly<Record<string, Attributes>> = {
  'what a phase does to its shell, the next one finds': {
    phases: '[ "onePhase" "twoPhase" "threePhase" ]',
    onePhase: script(`
      shopt -s expand_aliases extglob; set -o physical; set +o pipefail; umask 027; mkdir -p /build/a; cd /build/a
      alias say='echo said'
      list=([2]=two [5]="a b"); declare -gA map=([key]='a "value"'); declare -gi number=3; declare -gr fixed=1
      declare -gn reference=number; unset IFS; export exported=yes
      helper() { echo "helped $1"; }; export -f helper
      trap 'echo signal' USR1
      odd-name() { cat <<END
  here: $1
END
      }`),
    twoPhase: script(`
      shopt -p expand_aliases extglob; set -o | grep -E 'physical|pipefail'; umask; pwd
      alias; declare -p list map number fixed; declare -np reference; reference+=1; echo $number "[\${IFS-unset}]"
      printenv exported; bash -c 'helper child'; trap -p USR1; kill -USR1 $BASHPID; odd-name there
      OLD=$PWD; cd /`),
    threePhase: `"say so; [[ ab == @(a|b)* ]] && echo pattern; pwd; echo \\"$OLD $number\\"; touch $out"`,
  },
  'phases are functions or variables, in whatever phase they are defined': {
    phases: '[ "onePhase" "made" "asFunction" ]',
    onePhase: script(`
      asFunction() { echo "in a function, $curPhase"; touch $out; }
      made='echo "in a variable"'`),
  },
  'a phase that nobody defined fails': {
    phases: '[ "onePhase" "nonePhase" ]',
    onePhase: '"echo one"',
  },
  'an empty phase is none': {
    phases: '[ "onePhase" "twoPhase" ]',
    onePhase: '""',
    twoPhase: '"touch $out"',
  },
  'exit 0 ends the build, and the exit hook runs once': {
    phases: '[ "onePhase" "twoPhase" ]',
    onePhase: '"touch $out; echo one; exit 0; echo never"',
    twoPhase: '"echo two"',
    exitHook: '"echo at the end"',
  },
  'the exit hook runs at the end and at no other time': {
    phases: '[ "onePhase" "twoPhase" ]',
    onePhase: '"echo one"',
    twoPhase: '"echo two; touch $out"',
    exitHook: '"echo at the end"',
    failureHook: '"echo failed"',
  },
  'the exit hook runs after the last phase that is not passed over': {
    dontUnpack: 'true',
    installPhase: '"touch $out"',
    exitHook: '"echo at the end"',
  },
  'a failure runs the failure hook once, with the status, and no exit hook': {
    phases: '[ "onePhase" "twoPhase" "threePhase" ]',
    onePhase: '"echo one"',
    twoPhase: '"echo two; (exit 7); echo never"',
    threePhase: '"echo three"',
    exitHook: '"echo at the end"',
    failureHook: `"echo \\"failed with $exitCode\\"; false; echo and goes on"`,
  },
  'exit 3 in a function is a failure': {
    phases: '[ "onePhase" ]',
    onePhase: '"f() { echo f; exit 3; }; f; echo never"',
    failureHook: `"echo \\"failed with $exitCode\\""`,
  },
  'a failure that is to count as success': {
    phases: '[ "onePhase" "twoPhase" ]',
    onePhase: '"mkdir $out; echo one; false"',
    twoPhase: '"echo two"',
    succeedOnFailure: 'true',
  },
  'what may fail does not end a phase': {
    phases: '[ "onePhase" "twoPhase" ]',
    onePhase: `"false || echo or; if false; then :; fi; ! true; x=\\$(false) || true; set +e; false; echo on"`,
    twoPhase: '"false; echo still on; touch $out"',
  },
  'a failure in a pipe, in a substitution, in a subshell': {
    phases: '[ "onePhase" ]',
    onePhase: '"echo a | grep -q a; echo one; (false; echo never); echo never"',
  },
  'a variable that is not set': {
    phases: '[ "onePhase" ]',
    onePhase: '"set -u; echo one; echo $nothing; echo never"',
  },
  'a trap that a phase sets belongs to the end of the build': {
    phases: '[ "onePhase" "twoPhase" ]',
    onePhase: `"trap 'echo my own end' EXIT; echo one"`,
    twoPhase: '"echo two; touch $out"',
    exitHook: '"echo never"',
  },
  'output and errors come in their order': {
    phases: '[ "onePhase" ]',
    onePhase: script(
      `for i in 1 2 3; do echo "out $i"; echo "error $i" >&2; done; printf 'no newline' >&2; touch $out`,
    ),
  },
  'setup that fails, before any phase': {
    postHook: '"echo in the hook; false"',
    exitHook: '"echo no"',
  },
  'buildCommand fails': {
    buildCommand: '"echo one; false; echo never"',
    failureHook: '"echo failed"',
  },
  'a file that is the command': {
    passAsFile: '[ "buildCommand" ]',
    buildCommand: '"echo one; touch $out"',
    exitHook: '"echo at the end"',
  },
  'a builder that does more after its phases': {
    args: '[ "-e" (builtins.toFile "builder.sh" "source $stdenv/setup\\ngenericBuild\\necho after the phases\\n") ]',
    phases: '[ "onePhase" ]',
    onePhase: '"echo one; touch $out"',
  },
  'a builder that asks for its phases in a function': {
    args: '[ "-e" (builtins.toFile "builder.sh" "source $stdenv/setup\\nbuild() { genericBuild; }\\nbuild\\n") ]',
    phases: '[ "onePhase" ]',
    onePhase: '"echo one; touch $out"',
  },
  'a builder given as a command': {
    args: '[ "-ec" "source $stdenv/setup; genericBuild" ]',
    phases: '[ "onePhase" "twoPhase" ]',
    onePhase: '"echo one; x=1"',
    twoPhase: '"echo two $x; touch $out"',
  },
};

/** Lines without what bash says of itself: where in which script it is, and a fault of its own when it ends in a function. */
function told(lines: readonly string[]): readonly string[] {
  return lines
    .filter((line) => !line.includes('pop_var_context'))
    .map((line) => line.replace(/^\S+: line \d+: /, ''));
}

/** What a build prints and whether it succeeds, in Strata and in Nix. */
async function tellBoth(bench: Workbench, expression: string) {
  const ran = await bench.run(expression);
  const run = (tool: string, args: readonly string[]) =>
    spawnSync(tool, args, { env: nixEnv, encoding: 'utf8' });
  const path = run('nix-instantiate', [bench.file(expression)]).stdout.trim();
  const { status } = run('nix-store', ['--realise', path]);
  const log = run('nix-store', ['--read-log', path]).stdout;
  const out = (await readDerivation(path)).outputs.get('out')?.path ?? '';
  const hash = (store: string): string => basename(store).slice(0, 32);
  const rename = (line: string): string =>
    line.replaceAll(hash(ran.outputs['out'] ?? '(none)'), hash(out));
  return {
    ran,
    ours: { status: ran.status, lines: told(ran.lines.map(rename)) },
    nixs: {
      status: status === 0 ? 'succeeded' : 'failed',
      lines: told(log.split('\n').filter((line) => line !== '' && !line.startsWith('@nix '))),
    },
  };
}

const suite = nixReason === null ? '' : ` (skipped: ${nixReason})`;

describe.skipIf(nixReason !== null)(`a build tells the same story as under Nix${suite}`, () => {
  let bench: Workbench;
  beforeAll(() => {
    bench = Workbench.open();
  });
  afterAll(() => bench.close());

  describe.each(stdenvs)('$name', (stdenv) => {
    test.each(Object.entries(stories))('%s', async (story, attributes) => {
      const name = `"${stdenv.name}-${story.replace(/[^a-z0-9]+/g, '-').slice(0, 40)}"`;
      const expression = packageOf(stdenv, { name, ...attributes });
      const { ours, nixs } = await tellBoth(bench, expression);
      expect(ours).toEqual(nixs);
    });
  });

  test('with a stdenv from before runPhase', async () => {
    const setup = `
      set -e
      export PATH=/usr/bin:/bin
      trap 'exitCode=$?; if [ "$exitCode" != 0 ]; then eval "$failureHook"; fi; exit "$exitCode"' EXIT
      showPhaseHeader() { echo "phase: $1"; }
      unpackPhase() { mkdir source; cp $src source/text; sourceRoot=source; }
      patchPhase() { :; }
      buildPhase() { tr a-z A-Z < text > TEXT; pwd; }
      installPhase() { mkdir $out; cp TEXT $out/; }
      genericBuild() {
        if [ -z "$phases" ]; then
          phases="$prePhases unpackPhase patchPhase $preBuildPhases buildPhase installPhase $postPhases";
        fi
        for curPhase in $phases; do
          showPhaseHeader "$curPhase"
          eval "\${!curPhase:-$curPhase}"
          if [ "$curPhase" = unpackPhase ]; then cd "\${sourceRoot:-.}"; fi
        done
      }`;
    const expression = (phases: string): string => `derivation {
      name = "old"; system = builtins.currentSystem; builder = "/bin/bash";
      setup = builtins.toFile "setup" ${script(setup)};
      src = builtins.toFile "text" "a text\\n";
      ${phases}
      args = [ "-c" ${script('source $setup; genericBuild')} ];
      postPhases = "lastPhase"; lastPhase = "ls $out";
    }`;
    const { ran, ours, nixs } = await tellBoth(
      bench,
      expression('phases = "unpackPhase buildPhase installPhase lastPhase";'),
    );
    expect([ours, ran.phases.map(([name]) => name)]).toEqual([
      nixs,
      ['unpackPhase', 'buildPhase', 'installPhase', 'lastPhase'],
    ]);
  });
});
