// What a phase can see of a shell's state.
import { describe, expect, test } from 'vitest';
import { visibleTo, wholeState } from '../../../src-main/phases/visible.ts';
import { state, type Sketch } from './states.ts';

const PHASES = ['unpackPhase', 'buildPhase', 'installPhase'];

/** The names a phase sees beside what every phase does: options, traps and their like. */
function seen(phase: string, sketch: Sketch, code: readonly string[] = []): readonly string[] {
  const every = new Set(visibleTo([], state({}), []).keys());
  return [...visibleTo([phase], state(sketch), PHASES, code).keys()]
    .filter((label) => !every.has(label))
    .toSorted();
}

const stdenv = {
  runHook: 'local hook="$1"; eval "${!hook}"',
  concatTo: 'local -n target=$1; target+=(${!2})',
  unpackPhase: 'runHook preUnpack; tar xf "$src"; runHook postUnpack',
  buildPhase:
    'runHook preBuild; echo "no Makefile or custom installPhase"; local flags=(); concatTo flags makeFlags; make "${flags[@]}"; runHook postBuild',
  installPhase: 'runHook preInstall; make install; runHook postInstall',
};

describe('a phase sees', () => {
  test('its function, what that calls, its hooks, and the variables they name', () => {
    const sketch = {
      functions: { ...stdenv, say: 'echo "$greeting"' },
      environment: { src: 'a.tar', makeFlags: 'A=1', preBuild: 'say hello', postInstall: 'true' },
      variables: { greeting: 'hi', homepage: 'https://example.org', flags: 'not this one' },
    };
    expect(PHASES.map((phase) => seen(phase, sketch))).toEqual([
      ['function runHook', 'function unpackPhase', 'src'],
      [
        'function buildPhase',
        'function concatTo',
        'function runHook',
        'function say',
        'greeting',
        'makeFlags',
        'preBuild',
      ],
      ['function installPhase', 'function runHook', 'postInstall'],
    ]);
  });

  test('a variable of its name, which stands for the function', () => {
    const sketch = {
      functions: stdenv,
      environment: { installPhase: 'runHook preInstall\ncp a "$out"', out: '/nix/store/x' },
    };
    expect(seen('installPhase', sketch)).toEqual([
      'function installPhase',
      'function runHook',
      'installPhase',
      'out',
    ]);
  });

  test('hook arrays, the functions in them and the code in them', () => {
    const sketch = {
      functions: { ...stdenv, strip: 'echo "$stripFlags"' },
      variables: {
        preInstallHooks: ['strip', 'echo "$said"'],
        stripFlags: '-S',
        said: 'x',
        other: 'y',
      },
    };
    expect(seen('installPhase', sketch)).toEqual([
      'function installPhase',
      'function runHook',
      'function strip',
      'preInstallHooks',
      'said',
      'stripFlags',
    ]);
  });

  test('exported variables in upper case, which tools read, but not cores and the like', () => {
    const environment = {
      ...{
        PATH: '/bin',
        CFLAGS: '-O2',
        NIX_BUILD_CORES: '2',
        PWD: '/build',
        _x: '',
        name: 'a',
        V1: '',
      },
    };
    expect(seen('installPhase', { environment, variables: { UPPER: 'not exported' } })).toEqual([
      'CFLAGS',
      'PATH',
      'V1',
    ]);
  });

  test('exported functions, which children see', () => {
    expect(
      seen('installPhase', {
        exportedFunctions: { helper: 'echo "$used"' },
        variables: { used: '' },
      }),
    ).toEqual(['function helper', 'used']);
  });

  test('the code of another phase only where it calls it', () => {
    const calls = { ...stdenv, installPhase: 'buildPhase' };
    expect([
      seen('buildPhase', { functions: stdenv }).includes('function installPhase'),
      seen('installPhase', { functions: calls }).includes('function buildPhase'),
    ]).toEqual([false, true]);
  });

  test('what a variable refers to, and what code in a variable names', () => {
    const sketch = {
      functions: { installPhase: 'mkdir "${!outputBin}"; eval "$script"', say: 'echo "$greeting"' },
      variables: { outputBin: 'bin', bin: '/nix/store/x-bin', script: 'say it', greeting: 'hi' },
    };
    expect(seen('installPhase', sketch)).toEqual([
      'bin',
      'function installPhase',
      'function say',
      'greeting',
      'outputBin',
      'script',
    ]);
  });

  test('what its code in a file names', () => {
    const sketch = { variables: { used: '1', unused: '2' } };
    expect(seen('buildCommand', sketch, ['echo $used'])).toEqual(['used']);
  });

  test.each([
    'substituteAll a b',
    'env | sort > vars',
    'printenv > vars',
    'export -p',
    'x=$(compgen -e)',
  ])('every exported variable where it says %j', (postInstall) => {
    const environment = { postInstall, version: '1', postBuild: 'code', phases: 'buildPhase' };
    const sketch = { functions: stdenv, environment, variables: { other: '2' } };
    expect(seen('installPhase', sketch).filter((name) => /^[a-z]*$/.test(name))).toEqual([
      'version',
    ]);
  });

  test.each(['env FOO=1 make', 'make env', 'declare -p list', 'echo environment'])(
    'no more than it names where it says %j',
    (postInstall) => {
      const sketch = { functions: stdenv, environment: { postInstall, version: '1' } };
      expect(seen('installPhase', sketch).includes('version')).toBe(false);
    },
  );

  test('every exported variable in fixupPhase only where there is a setupHook to substitute in', () => {
    const functions = {
      fixupPhase: 'if [ -n "$setupHook" ]; then substituteAll "$setupHook"; fi',
      substituteAll: 'compgen -e',
    };
    const names = (setupHook: string): readonly string[] =>
      seen('fixupPhase', { functions, environment: { setupHook, version: '1' } });
    expect([names('').includes('version'), names('/nix/store/x').includes('version')]).toEqual([
      false,
      true,
    ]);
  });
});

test('code that differs in comments alone looks the same', () => {
  const looks = (postInstall: string): string | undefined =>
    visibleTo(['postInstall'], state({ variables: { postInstall } }), []).get('postInstall');
  expect(looks('# Says it.\necho it\n')).toBe(looks('\n  echo it # now'));
  expect(looks('echo it')).not.toBe(looks('echo "it"'));
});

test('the whole state is everything but where the shell is and how many cores it may use', () => {
  const sketch = {
    environment: { PATH: '/bin', NIX_BUILD_CORES: '2', OLDPWD: '/', name: 'a' },
    functions: { f: ':' },
  };
  const every = new Set(wholeState(state({})).keys());
  expect([...wholeState(state(sketch)).keys()].filter((label) => !every.has(label))).toEqual([
    'PATH',
    'name',
    'function f',
  ]);
});
