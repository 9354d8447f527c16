import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { argumentBatches, parseContentAddresses } from '../../../src-main/nix/closure.ts';
import { parseConfiguration, parseVersion } from '../../../src-main/nix/configuration.ts';

describe('the version of Nix', () => {
  test.each([
    ['nix (Nix) 2.8.0\n', { major: 2, minor: 8, text: '2.8.0' }],
    [
      'nix (Nix) 2.18.1pre20231023_abcdef',
      { major: 2, minor: 18, text: '2.18.1pre20231023_abcdef' },
    ],
    ['nix (Lix, like Nix) 2.93.0', { major: 2, minor: 93, text: '2.93.0' }],
    ['nix (Determinate Nix 3.6.8) 2.30.2', { major: 2, minor: 30, text: '2.30.2' }],
  ])('is read from ‘%s’', (output, version) => {
    assert.deepStrictEqual(parseVersion(output), version);
  });

  test('is asked for where there is none', () => {
    assert.throws(() => parseVersion('something else'), { code: 'format' });
  });
});

describe('the configuration of Nix', () => {
  const version = parseVersion('nix (Nix) 2.8.0');
  const of = (settings: Record<string, unknown>): string =>
    JSON.stringify(
      Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, { value }])),
    );

  test('is read from its JSON', () => {
    const json = of({
      sandbox: 'relaxed',
      'sandbox-paths': ['/bin/sh=/usr/bin/bash', '/dev/kvm?', '/usr'],
      'sandbox-build-dir': '/b',
      cores: 0,
      'max-jobs': 4,
      system: 'x86_64-linux',
      'extra-platforms': ['i686-linux'],
      'system-features': ['kvm'],
      'trusted-users': ['root'],
      substituters: ['https://cache.nixos.org/'],
      store: 'auto',
    });
    assert.deepStrictEqual(parseConfiguration(json, version, 8), {
      version,
      sandbox: 'relaxed',
      sandboxPaths: [
        { inside: '/bin/sh', outside: '/usr/bin/bash', optional: false },
        { inside: '/dev/kvm', outside: '/dev/kvm', optional: true },
        { inside: '/usr', outside: '/usr', optional: false },
      ],
      sandboxBuildDirectory: '/b',
      cores: 8,
      maxJobs: 4,
      system: 'x86_64-linux',
      extraPlatforms: ['i686-linux'],
      systemFeatures: ['kvm'],
      trustedSubstituters: [],
      trustedUsers: ['root'],
      substituters: ['https://cache.nixos.org/'],
      store: 'auto',
    });
  });

  test('is read in its newer forms, too', () => {
    const json = of({
      sandbox: false,
      'sandbox-paths': {
        '/bin/sh': { source: '/usr/bin/bash', optional: false },
        '/kvm': { source: '/kvm', optional: true },
      },
      store: { scheme: 'auto', params: {} },
    });
    const { sandbox, sandboxPaths, store } = parseConfiguration(json, version, 8);
    assert.deepStrictEqual(
      { sandbox, sandboxPaths, store },
      {
        sandbox: 'off',
        sandboxPaths: [
          { inside: '/bin/sh', outside: '/usr/bin/bash', optional: false },
          { inside: '/kvm', outside: '/kvm', optional: true },
        ],
        store: 'auto',
      },
    );
  });

  test('is refused where it is no JSON', () => {
    assert.throws(() => parseConfiguration('error: x', version, 8), { code: 'format' });
  });
});

test('content addresses are read from both forms of path-info', () => {
  const expected = new Map([['/nix/store/a', 'text:sha256:1']]);
  const list = [{ path: '/nix/store/a', ca: 'text:sha256:1' }, { path: '/nix/store/b' }];
  const object = { '/nix/store/a': { ca: 'text:sha256:1' }, '/nix/store/b': { ca: null }, c: null };
  assert.deepStrictEqual(parseContentAddresses(JSON.stringify(list)), expected);
  assert.deepStrictEqual(parseContentAddresses(JSON.stringify(object)), expected);
});

test('arguments are batched in order, none lost, each batch within its limit', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 20 })), (args) => {
      const batches = argumentBatches(args, 100);
      assert.deepStrictEqual(batches.flat(), args);
      for (const batch of batches) {
        assert.ok(batch.length > 0);
        assert.ok(
          batch.length === 1 || Buffer.byteLength(batch.join('')) + batch.length * 9 <= 100,
        );
      }
    }),
  );
});
