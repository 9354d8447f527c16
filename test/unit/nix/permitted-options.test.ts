import assert from 'node:assert/strict';
import { describe, test } from 'vitest';
import {
  isTrusted,
  permittedOptions,
  permittedSetting,
  type NixUser,
} from '../../../src-main/nix/permitted-options.ts';

const machine = {
  trustedUsers: ['root'],
  sandbox: 'on',
  store: 'auto',
  substituters: ['https://own/'],
  trustedSubstituters: ['https://open'],
} as const;
const eve: NixUser = { name: 'eve', groups: ['users', 'wheel'], ownsStore: false };
const owner: NixUser = { ...eve, ownsStore: true };

const permissions = (...given: Parameters<typeof permittedOptions>): Record<string, string> =>
  Object.fromEntries(
    permittedOptions(...given).map(({ option, permission }) => [option, permission]),
  );

describe('what a user may ask of Nix', () => {
  test('is everything for the owner of the store, but for what needs another option first', () => {
    assert.deepStrictEqual(permissions(machine, owner), {
      '--option sandbox false': 'allowed',
      '--option sandbox relaxed': 'allowed',
      __noChroot: 'refused',
      '--impure': 'allowed',
      '--allow-unfree': 'allowed',
      '--set enableParallelBuilding=false': 'allowed',
      '--set doCheck=true': 'allowed',
      '--keep-failed': 'allowed',
      '--check': 'allowed',
    });
    const [noChroot] = permittedOptions(machine, owner).filter(
      ({ option }) => option === '__noChroot',
    );
    assert.equal(noChroot?.remedy, 'for one build: --option sandbox relaxed');
  });

  test('is no change of the sandbox for others of a daemon, with the line that allows it', () => {
    const refused = permittedOptions(machine, eve).filter(
      ({ permission }) => permission === 'refused',
    );
    assert.deepStrictEqual(
      refused.map(({ option, remedy }) => [option, remedy?.split('\n')[0]]),
      ['false', 'relaxed', 'relaxed'].map((value, at) => [
        at === 2 ? '__noChroot' : `--option sandbox ${value}`,
        `put this line into /etc/nix/nix.conf and restart the daemon: sandbox = ${value}`,
      ]),
    );
    assert.match(refused[0]?.remedy ?? '', /extra-trusted-users = eve$/);
  });

  test('follows from who is trusted: by name, by group, or everybody', () => {
    for (const trustedUsers of [['root', 'eve'], ['@wheel'], ['*']]) {
      assert.equal(isTrusted({ ...machine, trustedUsers }, eve), true);
      assert.equal(
        permissions({ ...machine, trustedUsers }, eve)['--option sandbox false'],
        'allowed',
      );
    }
    for (const trustedUsers of [[], ['@eve'], ['wheel']]) {
      assert.equal(isTrusted({ ...machine, trustedUsers }, eve), false);
    }
  });

  test('says what has no effect as things are', () => {
    assert.equal(permissions({ ...machine, sandbox: 'off' }, eve)['__noChroot'], 'without-effect');
    const relaxed = permissions({ ...machine, sandbox: 'relaxed' }, eve);
    assert.deepStrictEqual(
      [
        relaxed['--option sandbox relaxed'],
        relaxed['__noChroot'],
        relaxed['--option sandbox false'],
      ],
      ['without-effect', 'allowed', 'refused'],
    );
  });

  test('is to name where others may fetch from, where the daemon lets them', () => {
    const uris = 'https://open https://example.org';
    assert.equal(
      permittedSetting('extra-substituters', uris, machine, eve).remedy?.split('\n')[0],
      'put this line into /etc/nix/nix.conf and restart the daemon: extra-trusted-substituters = https://example.org',
    );
    assert.match(
      permittedSetting('trusted-public-keys', 'k:1', machine, eve).remedy ?? '',
      /: extra-trusted-public-keys = k:1\n/,
    );
  });

  test.each([
    ['cores', '1', 'allowed'],
    ['timeout', '60', 'allowed'],
    ['builders', '', 'allowed'],
    ['builders', 'ssh://mac', 'refused'],
    ['restrict-eval', 'false', 'allowed'],
    ['substituters', 'https://example.org', 'refused'],
    ['extra-substituters', 'https://own https://open', 'allowed'],
    ['extra-substituters', 'https://open https://example.org', 'refused'],
    ['extra-sandbox-paths', '/opt', 'refused'],
  ])('for --option %s ‘%s’ an untrusted user is %s', (name, value, permission) => {
    assert.equal(permittedSetting(name, value, machine, eve).permission, permission);
    assert.equal(permittedSetting(name, value, machine, owner).permission, 'allowed');
  });
});
