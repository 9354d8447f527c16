// The state of a shell: what the hook dumps in a real bash, restored in a fresh one, dumps as the same again.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { encodePath } from '../../../src-main/host/byte-path.ts';
import { hookFile } from '../../../src-main/phases/hook-files.ts';
import { changedNames, sameState } from '../../../src-main/phases/rebase.ts';
import { restoreScript } from '../../../src-main/phases/restore-script.ts';
import {
  parseShellState,
  shellStateBytes,
  type ShellState,
} from '../../../src-main/phases/shell-state.ts';
import { bashReason, word } from './bash.ts';

// Each example starts two shells.
vi.setConfig({ testTimeout: 60_000 });

let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'strata-state-'));
  // Outside a sandbox there is no /.strata.
  const hook = readFileSync(hookFile('hook.bash'), 'utf8').replaceAll('/.strata', directory);
  writeFileSync(join(directory, 'hook.bash'), hook);
  writeFileSync(join(directory, 'mode'), 'phase');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The state that a bash is in after a script; it begins with the hook, as a phase's shell does. */
function stateAfter(script: string | Uint8Array): ShellState {
  const { status, stderr } = spawnSync(
    'bash',
    ['--norc', '--noprofile', '-s', 'first', 'second one'],
    {
      input: Buffer.concat([
        Buffer.from(`__strata_shell=1; . ${directory}/hook.bash; unset __strata_shell\n`),
        typeof script === 'string' ? encodePath(script) : script,
        Buffer.from(
          '\n__strata_stop_watching; builtin trap - EXIT; __strata_dump state; builtin exit 0\n',
        ),
      ]),
      env: { PATH: process.env['PATH'], HOME: '/homeless-shelter' },
    },
  );
  if (status !== 0)
    throw new Error(`bash ended with ${status ?? 'a signal'}: ${stderr.toString()}`);
  return parseShellState(readFileSync(join(directory, 'state')));
}

/** What can be compared of a state: `_` of the state are things of one process. */
function comparable(state: ShellState): unknown {
  return {
    ...state,
    variables: Array.from(state.variables, ([name, { attributes, value }]) => [
      name,
      attributes,
      value,
    ]),
    functions: [...state.functions],
  };
}

const functionBody = fc.constantFrom(
  'echo "$1" | cat > /dev/null',
  'local IFS=, a=(1 2); echo "${a[*]}"',
  'cat <<END\n  $1 "quoted" \'text\'\nEND\n',
  'case $1 in a|b) return 1 ;; *) : "${1:-none}" ;; esac',
  'for ((i = 0; i < 3; i++)); do [[ $i =~ ^[0-9]+$ ]] || return; done',
  '( exec 3>&1; : $((16#ff + $#)) )',
  'inner() { echo inner; }; inner',
  '[[ $x == @(a|b)* ]] && select y in 1; do break; done',
);

/** One thing that a phase may do to its shell. */
const step = fc.oneof(
  fc
    .tuple(fc.constantFrom('', '-x', '-i', '-a', '-A'), fc.string({ unit: 'binary', maxLength: 6 }))
    .map(([flags, text]) => {
      const value = word(text.replaceAll('\0', ''));
      return flags === '-A' || flags === '-a'
        ? `declare ${flags} list=([1]=${value})`
        : flags === '-i'
          ? 'declare -i number=7'
          : `declare ${flags} text=${value}`;
    }),
  fc.constantFrom(
    ...[
      'unset text',
      'unset PATH',
      'readonly fixed=1',
      'declare -n reference=text',
      'declare later',
    ],
    ...['export exported', 'declare -x list', 'OPTIND=3', 'IFS=:', 'PS4=%', 'declare -r list'],
  ),
  fc
    .tuple(fc.constantFrom('say', 'odd-name', 'name.with.dots', 'a:b'), functionBody)
    .map(([name, body]) => `${name}() { ${body}\n}`),
  fc.constantFrom('export -f say 2>/dev/null', 'unset -f say'),
  fc
    .tuple(
      fc.constantFrom('-s', '-u'),
      fc.constantFrom(
        'nullglob',
        'extglob',
        'globstar',
        'expand_aliases',
        'inherit_errexit',
        'dotglob',
      ),
    )
    .map(([how, option]) => `shopt ${how} ${option}`),
  fc
    .tuple(
      fc.constantFrom('-o', '+o'),
      fc.constantFrom('pipefail', 'noglob', 'nounset', 'noclobber'),
    )
    .map(([how, option]) => `set ${how} ${option}`),
  fc.constantFrom('umask 027', 'umask 000', 'cd /', 'cd /usr', 'cd -P /tmp'),
  fc.constantFrom(
    ...[
      'trap "echo it\'s" USR1',
      "trap 'echo bye' EXIT",
      "trap '' INT",
      'trap - USR1',
      'trap - EXIT',
    ],
    ...['trap "echo a\nb" TERM', 'trap exitHandler EXIT'],
  ),
  fc.constantFrom("alias ll='ls -l'", "alias q='echo \"it'\\''s\"'", 'unalias -a'),
);

describe.skipIf(bashReason !== null)(`the state of a shell (${bashReason ?? 'bash'})`, () => {
  test('is the same in a fresh shell that was brought into it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 10 }), (steps) => {
        const state = stateAfter(steps.join('\n'));
        const again = stateAfter(restoreScript(state));
        expect(comparable(again)).toEqual(comparable(state));
        expect(sameState(again, state)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('keeps its bytes through being read and written', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 10 }), (steps) => {
        const state = stateAfter(steps.join('\n'));
        const bytes = shellStateBytes(state);
        expect(parseShellState(bytes)).toEqual(state);
        expect(shellStateBytes(parseShellState(bytes))).toEqual(bytes);
      }),
      { numRuns: 20 },
    );
  });

  test('says which names a script changed', () => {
    const before = stateAfter('a=1; b=2; f() { :; }; declare -A map=([x]=1)');
    const after = stateAfter('a=1; b=3; f() { true; }; declare -A map=([x]=1); export c=');
    expect(changedNames(after, before)).toEqual(['b', 'c', 'f']);
  });

  test('leaves out what is bash’s own or the hook’s', () => {
    const { variables, functions } = stateAfter('ours=1');
    expect(
      [...variables.keys()].filter((name) => /^(BASH|EUID|PPID|__strata|SHELLOPTS)/.test(name)),
    ).toEqual([]);
    expect(variables.get('ours')?.value).toEqual({ kind: 'scalar', text: '1' });
    expect([...functions.keys()]).toEqual([]);
  });

  test('local variables of the functions that are running count, as at a failure', () => {
    const state = stateAfter(`
      fails() { local -a local_list=(a 'b c'); local given=$1; __strata_stop_watching; __strata_dump state; builtin trap - EXIT; builtin exit 0; }
      fails argument`);
    expect([state.variables.get('local_list')?.value, state.variables.get('given')?.value]).toEqual(
      [
        {
          kind: 'indexed',
          items: [
            ['0', 'a'],
            ['1', 'b c'],
          ],
        },
        { kind: 'scalar', text: 'argument' },
      ],
    );
  });
});

test('a state that was cut short, or is none, is refused', () => {
  const whole = shellStateBytes({
    bash: '/bin/bash',
    bashVersion: '5.2',
    directory: '/build',
    umask: '0022',
    variables: new Map(),
    functions: new Map([['f', { text: 'f () \n{ \n    :\n}\n', exported: false }]]),
    shellOptions: '',
    setOptions: '',
    traps: '',
    exitTrap: '',
    aliases: '',
    argv0: 'bash',
    args: ['-e', 'builder'],
  });
  for (let length = 0; length < whole.length - 4; length += 1) {
    expect(() => parseShellState(whole.subarray(0, length))).toThrow('the state is not whole');
  }
  expect(() => parseShellState(Buffer.from('strata-state 2\0'))).toThrow('it does not begin with');
});
