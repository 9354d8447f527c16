import { Command } from 'commander';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  PAIR_OPTIONS,
  addBuildOptions,
  buildWish,
  type BuildOptions,
} from '../../../src-main/cli/options/build-options.ts';
import { sandboxPolicy, type SandboxWish } from '../../../src-main/engine/sandbox-policy.ts';
import { parseSnapshotPath } from '../../../src-main/cli/options/snapshot-path.ts';
import { joinPairs, splitPair } from '../../../src-main/cli/options/value-pairs.ts';
import type { StrataError } from '../../../src-main/protocol/errors.ts';

/** The wish that a command line of `run` comes to. */
function wishOf(...words: string[]) {
  const command = addBuildOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  command.parse(joinPairs(words, PAIR_OPTIONS), { from: 'user' });
  return buildWish(command.args[0], command.opts<BuildOptions>());
}

const nothing = {
  target: null,
  attribute: null,
  from: null,
  until: null,
  reuse: 'smart',
  policy: { kind: 'strict' },
  overrides: new Map(),
  evaluation: { args: [], argstrs: [], options: [], includes: [], impure: false },
};

describe('the options of run and plan', () => {
  test('none', () => expect(wishOf()).toEqual(nothing));

  test('all', () => {
    expect(
      wishOf(
        ...['./hello.nix', '-A', 'hello', '--from', 'buildPhase', '--until', 'installPhase'],
        ...['--reuse', 'force', '--bind', '/usr=/opt', '--network', '--set', 'doCheck=1'],
        ...['--set', 'flags=a=b c', '--arg', 'x', '{ }: 1', '--arg', '--y', '2'],
        ...['--argstr', 's', '--arg', '--option', 'cores', '2', '-I', 'nixpkgs=.', '--impure'],
      ),
    ).toEqual({
      target: './hello.nix',
      attribute: 'hello',
      from: 'buildPhase',
      until: 'installPhase',
      reuse: 'force',
      policy: {
        kind: 'relaxed',
        network: true,
        binds: [{ source: '/usr', target: '/opt', optional: false, keepLink: false }],
      },
      overrides: new Map([
        ['doCheck', '1'],
        ['flags', 'a=b c'],
      ]),
      evaluation: {
        args: [
          ['x', '{ }: 1'],
          ['--y', '2'],
        ],
        argstrs: [['s', '--arg']],
        options: [['cores', '2']],
        includes: ['nixpkgs=.'],
        impure: true,
      },
    });
  });

  test.each([
    [['--arg', 'name'], /'name' is invalid. It takes a name and an expression/],
    [['--option'], /argument missing/],
    [['--set', 'doCheck'], /It takes NAME=VALUE/],
    [['--set', '=1'], /It takes NAME=VALUE/],
    [['--reuse', 'loose'], /Allowed choices are strict, smart, force/],
    [['--sandbox', 'none'], /Allowed choices are strict, relaxed, off/],
    [['--trace', 'ld'], /unknown option/],
    [['a.nix', 'b.nix'], /too many arguments/],
  ])('%j is refused', (words, message) => {
    expect(() => wishOf(...words)).toThrow(message);
  });
});

test('pairs are joined and split without loss, and what follows -- is left alone', () => {
  const word = fc
    .string()
    .filter((text) => !text.includes('\0') && text !== '--' && text !== '--arg');
  fc.assert(
    fc.property(fc.array(word), word, word, fc.array(fc.string()), (before, name, value, after) => {
      const words = [...before, '--arg', name, value, '--', '--arg', ...after];
      const joined = joinPairs(words, new Set(['--arg']));
      expect(joined.slice(0, before.length)).toEqual(before);
      expect(splitPair(joined[before.length + 1] ?? '')).toEqual([name, value]);
      expect(joined.slice(before.length + 2)).toEqual(['--', '--arg', ...after]);
    }),
  );
});

describe('the sandbox', () => {
  const paths = ['/dev', '/dev/kvm', '/run', '/home/me/a=b'];
  const host = { cwd: '/home/me', exists: (path: string) => paths.includes(path) };
  const policy = (wish: Partial<SandboxWish>) =>
    sandboxPolicy({ sandbox: undefined, binds: [], network: false, ...wish }, host);
  const bind = (source: string, target = source) => ({
    source,
    target,
    optional: false,
    keepLink: false,
  });

  test('is strict unless told otherwise, and relaxed where something is shown', () => {
    expect(policy({})).toEqual({ kind: 'strict' });
    expect(policy({ sandbox: 'off' })).toEqual({ kind: 'off' });
    expect(policy({ sandbox: 'relaxed' })).toEqual({ kind: 'relaxed', network: false, binds: [] });
    expect(policy({ network: true })).toEqual({ kind: 'relaxed', network: true, binds: [] });
    expect(policy({ binds: ['/dev/kvm', '../../run=/opt', 'a=b'] })).toEqual({
      kind: 'relaxed',
      network: false,
      binds: [bind('/dev/kvm'), bind('/run', '/opt'), bind('/home/me/a=b')],
    });
  });

  test.each([
    [{ sandbox: 'strict', network: true }, '--network relaxes the sandbox'],
    [
      { sandbox: 'strict', network: true, binds: ['/dev'] },
      '--bind and --network relax the sandbox',
    ],
    [
      { sandbox: 'off', binds: ['/dev'] },
      "without a sandbox the build sees the host's files and network, and --bind adds nothing",
    ],
    [{ binds: ['missing'] }, 'there is no /home/me/missing on this machine'],
    [{ binds: ['/dev=opt'] }, 'the path inside must be absolute, and opt is not'],
    [{ binds: ['/dev='] }, 'the path inside must be absolute, and nothing is not'],
    [{ binds: ['=/opt'] }, 'it names no path'],
    [{ binds: [''] }, 'it names no path'],
  ] as const)('%j is refused', (wish, reason) => {
    expect(() => policy(wish)).toThrow(
      expect.objectContaining({ code: 'usage', reason }) as StrataError,
    );
  });
});

test.each([
  ['abc:/etc/passwd', 'abc', '/etc/passwd'],
  ['last:buildPhase:/build/a:/b', 'last:buildPhase', '/build/a:/b'],
  ['abc:config.log', 'abc', 'config.log'],
  ['last:buildPhase:src/config.log', 'last:buildPhase', 'src/config.log'],
  ['abc:/', 'abc', '/'],
])('%s', (text, snapshot, path) => {
  expect(parseSnapshotPath(text)).toEqual({ snapshot, path });
});

test.each(['', 'abc', 'abc:', ':/x', '/etc/passwd'])('%j names no file of a snapshot', (text) => {
  expect(parseSnapshotPath(text)).toBeNull();
});
