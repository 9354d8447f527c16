import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileEntry, type PackedEntry } from '../../../src-main/oci/tar-entry.ts';
import { CommandLine, refusal } from '../cli/command-line.ts';
import { titled } from '../snapshots/mounted.ts';
import { blobFile, configOf, manifestOf, replaceLayer, rewrite } from './image-files.ts';

/** What layers can hold: links of both kinds, odd names and modes, names that go and come back. */
const ODD = `
  buildPhase = ''
    mkdir -p tree/gone tree/becomes-file tree/again
    echo a > tree/gone/a; echo b > tree/becomes-file/b; echo c > tree/again/old; echo d > tree/removed
    echo shared > tree/one; ln tree/one tree/two
    echo pair > tree/pair-a; ln tree/pair-a tree/pair-b
    ln -s /etc/passwd tree/absolute; ln -s ../nowhere tree/dangling
    echo x > "tree/$(printf 'not-utf8-\\377')"; echo y > "tree/$(printf 'n%.0s' {1..200})"
    echo secret > tree/locked; chmod 000 tree/locked; echo s > tree/odd-mode; chmod 1711 tree/odd-mode
    mkfifo tree/pipe; mkdir tree/shut; echo z > tree/shut/z; chmod 555 tree/shut
    mkdir "tree/.hidden"; touch -d 2001-02-03T04:05:06 tree/odd-mode
  '';
  checkPhase = ''
    rm -r tree/gone tree/removed tree/becomes-file tree/again
    echo file > tree/becomes-file; mkdir tree/again; echo new > tree/again/new
    echo more >> tree/one
  '';
  doCheck = true;
  fixupPhase = "echo found at: $PWD; colour=blue; false";
`;

/** Overlay counts the links of directories in its own way, and of files that were written to. */
const LOOK =
  'echo $colour $PWD; cd tree; find . -printf "%p %y %m %l\\n" | sort; stat -c "%n %h" pair-*; stat -c %y odd-mode; cat one two again/new';

describe.skipIf(refusal !== null)(titled('images', refusal), () => {
  const cli = new CommandLine();
  const image = join(cli.directory, 'image');
  const archive = join(cli.directory, 'image.tar');
  let exported: ReturnType<CommandLine['run']>;

  beforeAll(() => {
    cli.run('run', cli.write('odd', ODD), '-q', '--option', 'connect-timeout', '7');
    exported = cli.run('export', 'oci', 'last:fixupPhase', image, '--json');
    cli.run('export', 'oci', 'last:fixupPhase', archive);
  });
  afterAll(() => cli.remove());

  /** The program with a cache of its own, which begins empty. */
  function elsewhere(
    name: string,
  ): (...words: readonly string[]) => ReturnType<CommandLine['run']> {
    return (...words) => {
      const before = cli.env['XDG_CACHE_HOME'];
      cli.env['XDG_CACHE_HOME'] = join(cli.directory, name);
      try {
        return cli.run(...words);
      } finally {
        cli.env['XDG_CACHE_HOME'] = before;
      }
    };
  }

  /** A copy of the image that a test may damage. */
  function copyOf(name: string): string {
    const copy = join(cli.directory, name);
    cpSync(image, copy, { recursive: true });
    return copy;
  }

  it('name the phases, and begin where the shell of the state does', () => {
    expect(exported).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('buildPhase') as string,
    });
    const { history, config, architecture } = configOf(image);
    expect(history.map((entry) => entry.created_by)).toEqual([
      'strata: inputs',
      'strata: base',
      'strata: setup',
      'strata: patchPhase',
      'strata: configurePhase',
      'strata: buildPhase',
      'strata: checkPhase',
      'strata: installPhase',
      'strata: fixupPhase (failed)',
      'strata: state and records',
    ]);
    expect({ user: config.User, directory: config.WorkingDir, architecture }).toEqual({
      user: '1000:100',
      directory: '/build',
      architecture: { x64: 'amd64', arm64: 'arm64' }[process.arch as 'x64' | 'arm64'],
    });
    expect(config.Env).toContain('HOME=/homeless-shelter');
  });

  it('take no settings of Nix along: they are this machine’s, and some name programs that Nix runs', () => {
    expect(elsewhere('settings')('import', 'oci', image).status).toBe(0);
    const records = (cache: string): string => {
      const runs = join(cache, 'strata', 'runs');
      const texts = readdirSync(runs).map((id) => readFileSync(join(runs, id, 'run.json'), 'utf8'));
      return texts.join('');
    };
    expect(records(join(cli.directory, 'cache'))).toContain('"options":[["connect-timeout","7"]]');
    expect(records(join(cli.directory, 'settings'))).toContain('"options":[]');
  });

  it('have the same bytes each time, as directory and as archive', () => {
    for (const [first, again] of [
      [image, join(cli.directory, 'again')],
      [archive, join(cli.directory, 'again.tar')],
    ] as const) {
      expect(cli.run('export', 'oci', 'last:fixupPhase', again).status).toBe(0);
      expect(spawnSync('diff', ['-r', first, again]).status).toBe(0);
    }
  });

  it.each([
    ['a directory', image, 'overlay'],
    ['an archive', archive, 'overlay'],
    ['an archive, as copies', archive, 'copy'],
  ])('come back from %s as they left', (how, source, backend) => {
    const there = elsewhere(how.replaceAll(/\W/g, '-'));
    const seen = cli.run('shell', 'last:fixupPhase', '--', LOOK);
    if (backend === 'copy') cli.env['STRATA_SNAPSHOTTER'] = 'copy';
    try {
      expect(there('import', 'oci', source)).toMatchObject({ status: 0 });
      const list = (answer: ReturnType<CommandLine['run']>): unknown => JSON.parse(answer.stdout);
      expect(list(there('ls', '--json'))).toEqual(list(cli.run('ls', '--json')));
      for (const phase of ['setup', 'buildPhase', 'checkPhase', 'fixupPhase']) {
        const changes = ['diff', `last:${phase}`, '--json'];
        expect(there(...changes)).toEqual(cli.run(...changes));
      }
      expect(there('shell', 'last:fixupPhase', '--', LOOK)).toEqual(seen);
      expect(seen.stdout).toContain('pair-b 2\n');
      expect(there('log', 'last:fixupPhase').stdout).toContain('found at: /build');
      // Once more: nothing is made twice.
      expect(there('import', 'oci', source).stdout).toContain(': imported 0 snapshots'.slice(2));
    } finally {
      Reflect.deleteProperty(cli.env, 'STRATA_SNAPSHOTTER');
    }
  });

  it('bring no sandbox along that shows more of this machine, unless that is asked for', () => {
    const open = elsewhere('open');
    const target = cli.write('open', 'buildPhase = "echo > here";');
    // Of this machine, and in no sandbox of Nix.
    const host = '/etc/os-release';
    expect(open('run', target, '-q', '--sandbox', 'off').status).toBe(0);
    const shown = join(cli.directory, 'open.tar');
    expect(open('export', 'oci', 'last:buildPhase', shown).status).toBe(0);
    const seen = `if test -e ${host}; then echo seen; else echo hidden; fi; test -e here`;
    const look = ['shell', 'last:buildPhase', '--', seen];

    const strict = elsewhere('opened-strictly');
    const said = strict('import', 'oci', shown).stdout;
    expect(said).toContain('it was made with the sandbox off; shells in it have strict');
    expect(strict(...look)).toMatchObject({ status: 0, stdout: 'hidden\n' });

    const recorded = elsewhere('opened-as-recorded');
    const { stdout } = recorded('import', 'oci', shown, '--sandbox', 'as-recorded');
    expect(stdout).toContain('shells in it see of this machine: off');
    expect(recorded(...look)).toMatchObject({ status: 0, stdout: 'seen\n' });
  });

  it('hold nothing of the caller’s of now, and say what they hold of the caller’s of then', () => {
    const target = cli.write(
      'fetch',
      `buildPhase = "false"; impureEnvVars = [ "http_proxy" "NO_VALUE" ];
       outputHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="; outputHashMode = "flat";`,
    );
    const there = elsewhere('fetching');
    const withProxy = (proxy: string, ...words: readonly string[]): ReturnType<typeof there> => {
      cli.env['http_proxy'] = proxy;
      try {
        return there(...words);
      } finally {
        delete cli.env['http_proxy'];
      }
    };
    expect(withProxy('http://me:then@proxy', 'run', target, '-q').status).toBe(1);
    const shown = join(cli.directory, 'fetched');
    const now = 'http://me:now@proxy';
    const { stdout } = withProxy(now, 'export', 'oci', 'last:buildPhase', shown);
    expect(stdout).toContain('the state holds what you had in http_proxy (impureEnvVars)');
    const { Env } = configOf(shown).config;
    expect(Env).toContain('http_proxy=http://me:then@proxy');
    expect(Env).toContain('NO_VALUE=');
  });

  it('can be exported again where they came to, with the same bytes', () => {
    const there = elsewhere('round');
    expect(there('import', 'oci', image).status).toBe(0);
    const again = join(cli.directory, 'round-image');
    expect(there('export', 'oci', 'last:fixupPhase', again).status).toBe(0);
    expect(spawnSync('diff', ['-r', image, again], { encoding: 'utf8' }).stdout).toBe('');
  });

  it('are not written over what is there', () => {
    expect(cli.run('export', 'oci', 'last:fixupPhase', image)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`there is a ${image} already`) as string,
    });
  });

  it('are not written where no other tool could name them', () => {
    const { status, stderr } = cli.run('export', 'oci', 'last:fixupPhase', `${image}:tag`);
    expect(status).toBe(2);
    expect(stderr).toContain('behind a colon');
  });

  it('leave nothing behind on a disk that is too small', () => {
    const { status, stdout } = cli.script(
      `mkdir small; unshare --user --map-root-user --mount bash -c '
        mount -t tmpfs -o size=24k tmpfs small
        "$0" "$STRATA" export oci last:fixupPhase small/image 2>&1; echo "status $?"; ls -A small' '${process.execPath}'`,
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/no space is left[^]*status 2\n$/);
  });

  describe('that cannot be taken', () => {
    const refused = (source: string): string => {
      const there = elsewhere('refused');
      const { status, stderr } = there('import', 'oci', source);
      expect({ status, left: there('ls', '--json').stdout.trim() }).toEqual({
        status: 2,
        left: '[]',
      });
      const scratch = readdirSync(join(cli.directory, 'refused', 'strata')).filter((name) =>
        name.startsWith('.new-'),
      );
      expect(scratch).toEqual([]);
      return stderr;
    };

    it('a file that is not there, one that is no archive, a directory that is no image', () => {
      expect(refused('missing')).toContain('there is no such file or directory');
      writeFileSync(join(cli.directory, 'text'), 'no archive'.repeat(100));
      expect(refused('text')).toContain('it is no tar archive, or a damaged one');
      expect(refused('examples')).toContain('there is no oci-layout in it');
    });

    it('an image of somebody else', () => {
      const copy = copyOf('unknown');
      rewrite(copy, ({ config }) => {
        config.Labels = {};
      });
      expect(refused(copy)).toContain('not one that this version of Strata exported');
    });

    it('one for another machine', () => {
      const copy = copyOf('foreign');
      rewrite(copy, (config) => {
        config.architecture = 's390x';
      });
      expect(refused(copy)).toContain('it is for s390x');
    });

    it('one that was cut off, lacks a layer, or has other bytes', () => {
      const [first] = manifestOf(image).layers.slice(2);
      const digest = first?.digest ?? '';
      const cut = copyOf('cut');
      truncateSync(blobFile(cut, digest), 20);
      expect(refused(cut)).toContain('it has 20 bytes');
      const lacking = copyOf('lacking');
      rmSync(blobFile(lacking, digest));
      expect(refused(lacking)).toContain('has no such blob');
      const changed = copyOf('changed');
      const bytes = readFileSync(blobFile(changed, digest));
      bytes[4] = (bytes[4] ?? 0) ^ 1;
      writeFileSync(blobFile(changed, digest), bytes);
      expect(refused(changed)).toMatch(/its digest is sha256:|incorrect header/);
      truncateSync(archive, 4096);
      expect(refused(archive)).toContain('it ends too early');
    });

    const owner = { user: 0, group: 0 };
    const link = (path: string, target: string): PackedEntry => {
      const { entry } = fileEntry(path, '', 0o777, owner);
      return { entry: { ...entry, type: 'symlink', target }, open: null };
    };
    it.each([
      ['a path above', (): PackedEntry[] => [fileEntry('../../evil', 'x', 0o644, owner)]],
      [
        'a link to a directory of the host',
        (): PackedEntry[] => [link('way', cli.directory), fileEntry('way/evil', 'x', 0o644, owner)],
      ],
      [
        'another name of a file of the host',
        (): PackedEntry[] => {
          const { entry } = fileEntry('name', '', 0o644, owner);
          return [
            link('way', '/etc'),
            { entry: { ...entry, type: 'hardlink', target: 'way/passwd' }, open: null },
          ];
        },
      ],
      [
        'a removal over a link',
        (): PackedEntry[] => [
          link('way', cli.directory),
          fileEntry('way/.wh.host-stdenv', '', 0o644, owner),
        ],
      ],
    ])('one that leads outside by %s', async (how, entries) => {
      const copy = copyOf(how.replaceAll(' ', '-'));
      await replaceLayer(copy, 2, entries());
      expect(refused(copy)).toMatch(/leads outside|which is in no directory/);
      expect(existsSync(join(cli.directory, 'evil'))).toBe(false);
      expect(existsSync(join(cli.directory, 'host-stdenv'))).toBe(true);
    });

    it('one whose records are links to files of this machine', async () => {
      const copy = copyOf('links');
      const last = manifestOf(copy).layers.at(-1)?.digest ?? '';
      const host = join(cli.directory, 'of-this-machine');
      mkdirSync(host);
      execFileSync('tar', ['-xzf', blobFile(copy, last), '-C', host, '.strata']);
      const links = ['snapshots', 'runs', 'derivations', 'registration'].map((name) => ({
        entry: {
          ...fileEntry(`.strata/${name}`, '', 0o777, owner).entry,
          type: 'symlink' as const,
          target: join(host, '.strata', name),
        },
        open: null,
      }));
      await replaceLayer(copy, manifestOf(copy).layers.length - 1, links);
      expect(refused(copy)).toContain('is missing');
    });

    it('one whose layer is not what was recorded', async () => {
      const copy = copyOf('other');
      await replaceLayer(copy, 2, [fileEntry('build/planted', 'x', 0o644, owner)]);
      expect(refused(copy)).toContain('is not what was exported');
    });
  });

  const noSkopeo = spawnSync('skopeo', ['--version']).status === 0 ? null : 'no skopeo here';
  it.skipIf(noSkopeo !== null)(
    titled('are images to skopeo, and come back from its copy', noSkopeo),
    () => {
      const inspected = execFileSync('skopeo', ['inspect', `oci:${image}`], { encoding: 'utf8' });
      const { Layers, Digest } = JSON.parse(inspected) as { Layers: string[]; Digest: string };
      const { digest, layers } = JSON.parse(exported.stdout) as { digest: string; layers: number };
      expect({ digest: Digest, layers: Layers.length }).toEqual({ digest, layers });
      const copy = join(cli.directory, 'copied');
      execFileSync('skopeo', ['copy', '--insecure-policy', `oci:${image}`, `oci:${copy}:copy`], {
        stdio: 'pipe',
      });
      expect(elsewhere('from-skopeo')('import', 'oci', copy).status).toBe(0);
    },
  );

  describe.skipIf(noSkopeo !== null)(titled('compressed by zstd', noSkopeo), () => {
    const other = join(cli.directory, 'by-zstd');
    const copied = (from: string, to: string, format: string): void => {
      const how = ['copy', '--insecure-policy', '--dest-compress-format', format];
      execFileSync('skopeo', [...how, `oci:${from}`, `oci:${to}`], { stdio: 'pipe' });
    };
    const noZstd =
      'createZstdDecompress' in zlib || spawnSync('zstd', ['--version']).status === 0
        ? null
        : 'no zstd here';
    beforeAll(() => {
      copied(image, other, 'zstd');
    });

    it.skipIf(noZstd !== null)(titled('come back, if they are whole', noZstd), () => {
      expect(manifestOf(other).layers[0]?.mediaType).toMatch(/\+zstd$/);
      const there = elsewhere('from-zstd');
      expect(there('import', 'oci', other)).toMatchObject({ status: 0 });
      expect(there('ls', '--json')).toEqual(cli.run('ls', '--json'));
      const damaged = join(cli.directory, 'damaged-zstd');
      cpSync(other, damaged, { recursive: true });
      const file = blobFile(damaged, manifestOf(damaged).layers.at(-1)?.digest ?? '');
      const bytes = readFileSync(file);
      bytes.fill(0xff, bytes.length >> 1);
      writeFileSync(file, bytes);
      const { status, stderr } = elsewhere('damaged-cache')('import', 'oci', damaged);
      expect({ status, stderr }).toMatchObject({
        status: 2,
        stderr: expect.stringContaining(`reading ${file}: `) as string,
      });
    });

    const isNodes = 'createZstdDecompress' in zlib ? 'this Node needs no program' : null;
    it.skipIf(isNodes !== null)(titled('name what reads them where nothing does', isNodes), () => {
      const programs = join(cli.directory, 'without-zstd');
      execFileSync('bash', [
        '-c',
        'mkdir "$0"; IFS=:; for d in $PATH; do ln -sf "$d"/* "$0" 2>/dev/null; done; rm "$0"/*zstd*',
        programs,
      ]);
      const before = cli.env['PATH'];
      cli.env['PATH'] = programs;
      try {
        const { status, stderr } = elsewhere('no-zstd')('import', 'oci', other);
        expect(status).toBe(2);
        expect(stderr).toMatch(
          /compressed by zstd, which this Node cannot read, and the program zstd is not on PATH\ninstall it: apt-get install zstd.*\nor let skopeo write them again: skopeo copy --dest-compress-format gzip oci:DIR oci:OTHER/,
        );
      } finally {
        cli.env['PATH'] = before;
      }
      const again = join(cli.directory, 'gzip-again');
      copied(other, again, 'gzip');
      expect(elsewhere('gzip-again-cache')('import', 'oci', again).status).toBe(0);
    });
  });

  const noPodman =
    process.getuid?.() !== 0
      ? 'podman mounts images for root'
      : spawnSync('podman', ['info']).status === 0
        ? null
        : 'no podman here';
  it.skipIf(noPodman !== null)(titled('hold for podman what the phase saw', noPodman), () => {
    const podman = (...args: string[]): string =>
      execFileSync('podman', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
    // Of a directory podman 4.3 makes a name of the path, which may have no capital letters.
    const whole = join(cli.directory, 'again.tar');
    const id = podman('pull', '-q', `oci-archive:${whole}`);
    try {
      const root = podman('image', 'mount', id);
      const look = `cd "$0/build/tree"; find . -name 'not-utf8*' -prune -o -printf '%p %y %m %l\\n' | sort; cat one again/new; stat -c %u:%g one`;
      const seen = execFileSync('bash', ['-c', look, root], { encoding: 'utf8' });
      podman('image', 'unmount', id);
      const shell = cli.run(
        'shell',
        'last:fixupPhase',
        '--',
        look.replace('"$0/build/tree"', '/build/tree'),
      );
      expect(seen).toBe(shell.stdout);
      const { missingHostPaths } = JSON.parse(exported.stdout) as { missingHostPaths: string[] };
      const file = join(cli.directory, 'Containerfile');
      writeFileSync(
        file,
        `FROM ${id}\nRUN ["/bin/bash", "--noprofile", "--rcfile", "/.strata/shell.bash", "-i", "-c", "echo $colour; runPhase fixupPhase; true"]\n`,
      );
      const volumes = missingHostPaths.flatMap((path) => ['-v', `${path}:${path}:ro`]);
      const again = podman(
        'build',
        '--isolation',
        'chroot',
        '--network',
        'host',
        ...volumes,
        '-f',
        file,
        cli.directory,
      );
      expect(again).toContain('found at: /build');
      podman('rmi', '-f', again.split('\n').at(-1) ?? '');
    } finally {
      spawnSync('podman', ['rmi', '-f', id]);
    }
  });
});
