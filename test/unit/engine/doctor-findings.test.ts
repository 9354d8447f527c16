import { describe, expect, test } from 'vitest';
import { namespaceFinding } from '../../../src-main/engine/doctor-namespaces.ts';
import { nixFindings, type NixFacts } from '../../../src-main/engine/doctor-nix.ts';
import type { Answer } from '../../../src-main/engine/doctor-question.ts';
import {
  cacheFinding,
  overlayFinding,
  spaceFinding,
} from '../../../src-main/engine/doctor-storage.ts';
import { toolFinding, versionIn } from '../../../src-main/engine/doctor-tools.ts';
import type { NixConfiguration } from '../../../src-main/nix/configuration.ts';
import { StrataError } from '../../../src-main/protocol/errors.ts';

const answered = (exitCode: number, output = ''): Answer => ({
  kind: 'answered',
  exitCode,
  output,
});
const absent: Answer = { kind: 'absent' };

describe('programs', () => {
  test.each([
    ['bubblewrap 0.8.0', '0.8.0'],
    ['find (GNU findutils) 4.9.0\nCopyright (C) 2022', '4.9.0'],
    ['unshare from util-linux 2.38.1', '2.38.1'],
    ['mount from util-linux 2.38.1 (libmount 2.38.1: selinux, smack)', '2.38.1'],
    ['GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)', '5.2.15'],
    ['strace -- version 6.1', '6.1'],
    ['nix (Nix) 2.31.2+1', '2.31.2+1'],
    ['BusyBox has no --version', 'present'],
    ['', 'present'],
  ])('the version in %j is %j', (output, version) => {
    expect(versionIn(output)).toBe(version);
  });

  test('one that is missing is told in the words of the table', () => {
    expect(toolFinding('bwrap', absent)).toEqual({
      name: 'bubblewrap',
      status: 'missing',
      found: 'the program bwrap is not on PATH',
      without: 'snapshots can be listed, compared and read; nothing can be built or entered',
      get: 'apt-get install bubblewrap, or nix-shell -p bubblewrap',
      required: true,
    });
  });

  test('one that does not answer is missing too, and says why', () => {
    const silent: Answer = { kind: 'silent', reason: 'strace gave no answer in 3 s' };
    expect(toolFinding('strace', silent)).toMatchObject({
      status: 'missing',
      found: 'strace gave no answer in 3 s',
      required: false,
    });
  });
});

describe('Nix', () => {
  const configuration: NixConfiguration = {
    version: { major: 2, minor: 8, text: '2.8.0' },
    sandbox: 'on',
    sandboxPaths: [{ inside: '/bin/sh', outside: '/nix/store/x/bin/sh', optional: false }],
    sandboxBuildDirectory: '/build',
    cores: 2,
    maxJobs: 1,
    system: 'x86_64-linux',
    extraPlatforms: [],
    systemFeatures: [],
    trustedUsers: ['root', '@wheel'],
    trustedSubstituters: [],
    substituters: [],
    store: 'auto',
  };
  const facts: NixFacts = {
    version: answered(0, 'nix (Nix) 2.8.0'),
    store: answered(0, '/nix/store/00000000000000000000000000000000-strata-doctor'),
    configuration,
    user: { name: 'ada', groups: ['users', 'wheel'], ownsStore: false },
    daemon: 'listens',
    hostTools: [],
  };
  const told = (changes: Partial<NixFacts>): readonly string[] =>
    nixFindings({ ...facts, ...changes }).map(
      ({ name, status, found }) => `${status} ${name}: ${found}`,
    );

  test('in good health', () => {
    expect(told({})).toEqual([
      'ok Nix: 2.8.0',
      'ok Nix store: answers',
      'ok Nix sandbox: on',
      'ok sandbox-paths: /bin/sh',
      'ok Nix trust: ada is a trusted user',
    ]);
  });

  test('missing', () => {
    expect(told({ version: absent })).toEqual([
      'missing Nix: the program nix-store is not on PATH',
    ]);
  });

  test.each([
    [
      "error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': Connection refused",
      /sudo systemctl enable --now nix-daemon.socket/,
    ],
    [
      'error: getting status of /nix/var/nix/daemon-socket/socket: Permission denied',
      /sudo adduser "\$USER" nix-users/,
    ],
    ["error: creating directory '/nix/store': Permission denied", /as root: nix-daemon/],
  ])('a store that refuses with %j', (output, remedy) => {
    const findings = nixFindings({ ...facts, store: answered(1, output) });
    expect(findings[1]).toMatchObject({
      name: 'Nix store',
      status: 'missing',
      found: output.replace('error: ', ''),
      required: true,
    });
    expect(findings[1]?.get).toMatch(remedy);
    expect(findings.map(({ name }) => name)).not.toContain('Nix trust');
  });

  test('without a sandbox', () => {
    expect(told({ configuration: { ...configuration, sandbox: 'off' } })).toContain(
      'limited Nix sandbox: off (sandbox = false)',
    );
  });

  test('speaks of restarting the daemon only where there is one', () => {
    const get = (daemon: NixFacts['daemon']) =>
      nixFindings({ ...facts, daemon, configuration: { ...configuration, sandbox: 'off' } })[2]
        ?.get;
    expect(get('listens')).toBe(
      'put this line into /etc/nix/nix.conf, and restart the daemon:\n  sandbox = true',
    );
    expect(get('none')).toBe('put this line into /etc/nix/nix.conf:\n  sandbox = true');
  });

  test('with sandbox-paths that do not bring the tools of the host', () => {
    const hostTools = ['/bin', '/usr', '/lib', '/lib64', '/etc/alternatives'];
    const path = (inside: string, outside = inside) => ({ inside, outside, optional: false });
    const finding = (...sandboxPaths: readonly ReturnType<typeof path>[]) =>
      nixFindings({ ...facts, hostTools, configuration: { ...configuration, sandboxPaths } })[3];
    expect(finding(path('/bin/sh', '/nix/store/x/bin/sh'), path('/usr'), path('/dev/dri'))).toEqual(
      {
        name: 'sandbox-paths',
        status: 'limited',
        found: '/bin/sh /usr /dev/dri',
        without:
          "derivations of nixpkgs build, as their tools are in the store; those that use this host's, the bundled examples among them, do not see /bin /lib /lib64 /etc/alternatives",
        get: [
          'for such ones, put this line into /etc/nix/nix.conf, and restart the daemon:',
          '  sandbox-paths = /bin /usr /lib /lib64 /etc/alternatives /dev/dri',
          'or show them to one run:',
          '  strata run TARGET --bind /bin --bind /lib --bind /lib64 --bind /etc/alternatives',
        ].join('\n'),
        required: false,
      },
    );
    expect(finding()).toMatchObject({ found: 'none' });
    expect(finding(...[...hostTools.slice(0, 4), '/etc'].map((each) => path(each)))).toMatchObject({
      status: 'ok',
      found: '/bin /usr /lib /lib64 /etc',
    });
  });

  test('with a user the daemon does not trust', () => {
    const user = { name: 'ada', groups: ['users'], ownsStore: false };
    expect(told({ user })).toContain('limited Nix trust: ada is no trusted user of the daemon');
  });

  test('with settings it cannot read', () => {
    const broken = new StrataError({
      code: 'nix',
      operation: 'reading the configuration of Nix',
      reason: 'nix ended with exit status 1',
      output: "error: Boolean setting 'sandbox' has invalid value 'maybe'",
    });
    expect(told({ configuration: broken })).toContain(
      "limited Nix settings: error: Boolean setting 'sandbox' has invalid value 'maybe'",
    );
  });
});

describe('user namespaces', () => {
  const refused = answered(1, 'unshare: write failed /proc/self/uid_map: Operation not permitted');
  const judge = (settings: Record<string, string>, unshare = refused, bwrap = refused) =>
    namespaceFinding({ unshare, bwrap, settings: new Map(Object.entries(settings)) });

  test('that can be made', () => {
    expect(judge({}, answered(0), answered(0))).toMatchObject({ status: 'ok' });
  });

  test('are not blamed for a missing bubblewrap', () => {
    const noBwrap = answered(127, 'unshare: failed to execute bwrap: No such file or directory');
    expect(judge({}, answered(0), noBwrap)).toMatchObject({ status: 'ok' });
  });

  test('that AppArmor restricts get a profile', () => {
    const finding = judge({ 'kernel/apparmor_restrict_unprivileged_userns': '1' });
    expect(finding).toMatchObject({
      status: 'missing',
      found: 'unshare: write failed /proc/self/uid_map: Operation not permitted',
      required: true,
    });
    expect(finding.get).toContain('/etc/apparmor.d/strata-bwrap');
    expect(finding.get).toContain('sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0');
  });

  test.each([
    ['kernel/unprivileged_userns_clone', 'sudo sysctl kernel.unprivileged_userns_clone=1'],
    ['user/max_user_namespaces', 'sudo sysctl user.max_user_namespaces=15000'],
  ])('that %s forbids get that switch', (setting, command) => {
    expect(judge({ [setting]: '0' }).get).toContain(command);
  });
});

describe('storage', () => {
  const GIB = 1024 ** 3;
  const disk = {
    path: '/home/ada/.cache',
    fileSystem: 0xef53,
    freeBytes: 80 * GIB,
    isWritable: true,
  };

  test('on a local disk', () => {
    expect(cacheFinding(disk)).toMatchObject({ status: 'ok', found: '/home/ada/.cache (ext4)' });
  });

  test.each([
    [0x6969, 'NFS'],
    [0x01021994, 'tmpfs'],
  ])('on file system %i, which is %s, works and is cautioned', (fileSystem, kind) => {
    expect(cacheFinding({ ...disk, fileSystem })).toMatchObject({
      status: 'limited',
      found: `/home/ada/.cache (${kind})`,
    });
  });

  test('that cannot be written keeps builds away', () => {
    expect(cacheFinding({ ...disk, isWritable: false })).toMatchObject({
      status: 'missing',
      found: '/home/ada/.cache cannot be written',
      required: true,
    });
  });

  test('without overlay mounts copies', () => {
    expect(overlayFinding({ kind: 'works' }, disk.path)).toMatchObject({ status: 'ok' });
    expect(
      overlayFinding({ kind: 'refused', reason: 'mount: wrong fs type' }, disk.path),
    ).toMatchObject({
      status: 'limited',
      found: 'mount: wrong fs type',
    });
  });

  test('is little below 5 GiB', () => {
    const free = (freeBytes: number) => spaceFinding('space', { ...disk, freeBytes }, 'strata gc');
    expect(free(5 * GIB)).toMatchObject({ status: 'ok', get: null });
    expect(free(4.9 * GIB)).toMatchObject({ status: 'limited', get: 'strata gc' });
  });
});
