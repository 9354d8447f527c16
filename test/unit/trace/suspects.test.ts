/** What a failed phase may have lacked, and what to do about it. */
import { describe, expect, it } from 'vitest';
import type { Lookup, TracedProcess } from '../../../src-main/trace/lookups.ts';
import { remediesFor } from '../../../src-main/trace/remedies.ts';
import { suspects, type Evidence, type Suspect } from '../../../src-main/trace/suspects.ts';
import { SyscallRecorder } from '../../../src-main/trace/syscalls/recorder.ts';
import { StraceReader } from '../../../src-main/trace/syscalls/strace-reader.ts';

function trace(text: string): Evidence['inside'] {
  const recorder = new SyscallRecorder();
  const reader = new StraceReader(recorder);
  reader.write(Buffer.from(text));
  reader.end();
  return recorder.trace();
}

/** A test that ends with status 1 after it has looked for some files; another program looked for others and succeeded. */
const inside = trace(`
10 1.0 execve("/build/test", ["test"], 0x7ffc /* 1 var */) = 0
11 1.0 execve("/bin/true", ["true"], 0x7ffc /* 1 var */) = 0
11 1.1 openat(AT_FDCWD, "/opt/tool/share/data", O_RDONLY) = -1 ENOENT (No such file or directory)
11 1.1 exit_group(0) = ?
11 1.1 +++ exited with 0 +++
10 1.1 openat(AT_FDCWD, "/etc/ld.so.preload", O_RDONLY) = -1 ENOENT (No such file or directory)
10 1.2 openat(AT_FDCWD, "/run/opengl-driver/lib/libGL.so", O_RDONLY) = -1 ENOENT (No such file or directory)
10 1.3 openat(AT_FDCWD, "/nowhere/at/all", O_RDONLY) = -1 ENOENT (No such file or directory)
10 1.4 connect(3, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("93.184.216.34")}, 16) = -1 ENETUNREACH (Network is unreachable)
10 1.5 exit_group(1) = ?
10 1.5 +++ exited with 1 +++
`);

const evidence: Evidence = {
  inside,
  libraries: [],
  interpreters: [],
  outside: null,
  outsideKind: (path) =>
    path === '/run/opengl-driver/lib/libGL.so' ||
    path === '/opt/tool/share/data' ||
    path === '/etc/ld.so.preload'
      ? 'other'
      : null,
};

function process(lookup: Partial<Lookup>): TracedProcess {
  return {
    pid: 10,
    program: '/build/test',
    parent: null,
    phase: 'checkPhase',
    errors: [],
    initialisers: [],
    lookups: [
      {
        library: 'libdriver.so.1',
        requestedBy: null,
        kind: 'dlopen',
        found: null,
        searched: [
          { directory: '/srv/driver/lib/tls', origin: 'RUNPATH', from: '/build/test' },
          { directory: '/srv/driver/lib', origin: 'RUNPATH', from: '/build/test' },
          { directory: '/lib', origin: 'system', from: null },
        ],
        tried: [],
        ...lookup,
      },
    ],
  };
}

describe('suspects', () => {
  it('are what was asked for in vain and is outside, by processes that failed before others', () => {
    expect(suspects(evidence).map(({ kind, path }) => path ?? kind)).toStrictEqual([
      '/run/opengl-driver/lib',
      'network',
      '/opt/tool/share',
    ]);
  });

  it('say what was asked for, by whom, and why they are suspected', () => {
    expect(suspects(evidence)[0]).toMatchObject({
      asked: ['/run/opengl-driver/lib/libGL.so'],
      programs: ['/build/test'],
      isOutside: true,
      reasons: [
        'it is there outside of the sandbox',
        'a process that failed asked for it',
        'it belongs to the machine, not to a package',
      ],
    });
  });

  it('weigh more where they were found with the host in view', () => {
    const outside = trace(`
20 1.0 execve("/bin/true", ["true"], 0x7ffc /* 1 var */) = 0
20 1.1 openat(AT_FDCWD, "/opt/tool/share/data", O_RDONLY) = 3
`);
    const [before] = suspects(evidence).slice(-1);
    const after = suspects({ ...evidence, outside }).find(({ path }) => path === '/opt/tool/share');
    expect((after?.score ?? 0) - (before?.score ?? 0)).toBe(30);
  });

  it('name a program once, which the kernel tells by its path and the loader as it was called', () => {
    const library = '/run/opengl-driver/lib/libGL.so';
    const [first] = suspects({
      ...evidence,
      libraries: [{ ...process({ library }), program: './test' }],
    });
    expect(first?.programs).toStrictEqual(['/build/test']);
  });

  it('are directories themselves where these were asked for', () => {
    const asked = trace(
      '5 1.0 access("/srv/things", R_OK) = -1 ENOENT (No such file or directory)\n',
    );
    const found = suspects({ ...evidence, inside: asked, outsideKind: () => 'directory' });
    expect(found.map(({ path }) => path)).toStrictEqual(['/srv/things']);
  });

  it('put a library that was not found first, also where the machine has none', () => {
    const found = suspects({ ...evidence, libraries: [process({})] });
    expect(found[0]).toMatchObject({
      path: '/run/opengl-driver/lib',
    });
    expect(found.find(({ path }) => path === '/srv/driver/lib')).toMatchObject({
      asked: ['/srv/driver/lib/libdriver.so.1'],
      isOutside: false,
      reasons: [
        'a program loads libdriver.so.1 while it runs, and did not find it',
        'this machine does not have it either',
      ],
    });
    const there = suspects({
      ...evidence,
      libraries: [process({ kind: 'startup' })],
      outsideKind: (path) => (path.startsWith('/srv/driver/lib/') ? 'other' : null),
    });
    expect(there[0]).toMatchObject({ path: '/srv/driver/lib', isOutside: true });
  });

  it('are env where it was asked for by its path, and not where it was looked for along PATH', () => {
    const missed =
      'openat(AT_FDCWD, "/usr/bin/env", O_RDONLY) = -1 ENOENT (No such file or directory)';
    const asked = (text: string) =>
      suspects({ ...evidence, inside: trace(text), outsideKind: () => 'other' });
    expect(asked(`5 1.0 ${missed}\n`).map(({ path }) => path)).toStrictEqual(['/usr/bin/env']);
    const found = '5 1.0 access("/opt/bin/env", X_OK) = 0\n';
    expect(asked(`5 1.0 ${missed}\n${found}`)).toStrictEqual([]);
  });

  it('are interpreters without which something could not be started, before all else', () => {
    const [first] = suspects({
      ...evidence,
      interpreters: [{ interpreter: '/usr/bin/env', of: 'script', file: '/build/tool' }],
      outsideKind: () => 'other',
    });
    expect(first).toMatchObject({
      kind: 'interpreter',
      path: '/usr/bin/env',
      programs: ['/build/tool'],
      isOutside: true,
      reasons: [
        'the first line of the script names it, so the script could not be started',
        'it is there outside of the sandbox',
        'it belongs to the machine, not to a package',
      ],
    });
    expect(remediesFor(first ?? unknownSuspect)[0]).toMatch(/patchShebangs FILE/);
  });

  it('do not want a RUNPATH to the driver where there is one', () => {
    const driver = (origin: 'RUNPATH' | 'LD_LIBRARY_PATH') => {
      const directory = '/run/opengl-driver/lib';
      const searched = [{ directory, origin, from: '/build/test' }];
      const libraries = [process({ searched })];
      const [first] = suspects({ ...evidence, inside: trace(''), libraries });
      return remediesFor(first ?? unknownSuspect).join('\n');
    };
    expect(driver('RUNPATH')).toMatch(/^a test that needs .* doCheck = false/);
    expect(driver('RUNPATH')).not.toContain('addDriverRunpath');
    expect(driver('LD_LIBRARY_PATH')).toContain('addDriverRunpath');
  });

  it('are none where nothing was asked for', () => {
    expect(suspects({ ...evidence, inside: trace('') })).toStrictEqual([]);
  });
});

const unknownSuspect: Suspect = {
  kind: 'path',
  path: '/',
  asked: [],
  programs: [],
  isOutside: false,
  reasons: [],
  origin: null,
  score: 0,
};

describe('remedies', () => {
  const of = (path: string | null): readonly string[] =>
    remediesFor({
      ...unknownSuspect,
      kind: path === null ? 'network' : 'path',
      path,
      isOutside: true,
    });

  it.each([
    ['/run/opengl-driver/lib', /addDriverRunpath/],
    ['/usr/bin/env', /patchShebangs/],
    ['/usr/share/zoneinfo', /tzdata/],
    ['/etc/ssl/certs', /cacert/],
    ['/home/me', /HOME=\$TMPDIR/],
    ['/dev/kvm', /requiredSystemFeatures/],
    ['/opt/x/libz.so.1', /autoPatchelfHook/],
    ['/etc/os-release', /asks the machine/],
    [null, /outputHash/],
  ])('of %s', (path, words) => {
    const remedies = of(path);
    expect(remedies.slice(0, 2).join(' ')).toMatch(words);
    expect(remedies.at(-1)).toMatch(/^for now: strata run --(?:bind|network)/);
  });

  it('do not show what the machine does not have', () => {
    const path = '/run/opengl-driver/lib';
    const remedies = remediesFor({ ...unknownSuspect, path, isOutside: false });
    expect(remedies.at(-1)).toMatch(/^once this machine has it: strata run --bind/);
  });
});
