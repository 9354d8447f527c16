/** `strata nix-build --hold`: a build by Nix itself pauses where it fails, is entered, built again or ended, and never left behind. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn as spawnPty } from 'node-pty';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  NixBuildResult,
  NixBuildWish,
  PausedAnswer,
  PausedBuild,
} from '../../../src-main/engine/types.ts';
import { processStart } from '../../../src-main/host/process-start.ts';
import type { StrataError } from '../../../src-main/protocol/errors.ts';
import { breakpointFile } from '../../../src-main/phases/hook-files.ts';
import { nixReason } from '../real-nix.ts';
import { namespaceRefusal, titled } from '../snapshots/mounted.ts';
import { Build, STDENV } from './build.ts';
import { newPlace } from './engine-process.ts';
import { startStrata } from './strata.ts';

/** A package whose name is found in command lines, and in nothing else's. */
function failing(name: string, more = ''): string {
  return `${STDENV} {
    name = "${name}";
    dontUnpack = true;
    buildPhase = ''
      mkdir sub; cd sub; export seen="two words"; echo partial > main.o
      false
    '';
    ${more}
  }`;
}

/** Why a test cannot enter a build; null where it can. */
const foreign =
  process.geteuid?.() !== 0 && process.env['NIX_REMOTE'] === 'daemon'
    ? 'the daemon builds as another user, and nobody is here to type a password'
    : null;

const PROGRAM = join(import.meta.dirname, '../../../build/strata.mjs');

let serial = 0;
const newName = (): string => `paused-${process.pid}-${(serial += 1)}`;

/** Processes that have a word in their command line. */
function processesWith(word: string): readonly string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word);
      } catch {
        return false;
      }
    });
}

/** A daemon ends its builders a moment after its client is gone. */
async function nothingLeft(name: string): Promise<void> {
  await expect.poll(() => processesWith(name), { timeout: 10_000 }).toStrictEqual([]);
}

/** Runs a script in the paused build, as a person would who types it there. */
function entered(command: readonly string[] | null, script: string) {
  const [tool = '', ...args] = command ?? [];
  const { status, stdout, stderr } = spawnSync(tool, args, {
    input: `${script}\n`,
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, FROM_OUTSIDE: 'yes' },
  });
  return { status, stdout, stderr };
}

const noNamespaces = namespaceRefusal();
it.skipIf(noNamespaces !== null)(
  titled('a build without a bash of its own is entered with its sh', noNamespaces),
  async () => {
    // The bash is the person's, from which Nix was started.
    const outer = spawn('bash', ['-c', 'unshare -rm sh -c "echo \\$\\$; exec sleep 60"; :'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(outer.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    try {
      const { stdout } = entered(
        ['bash', breakpointFile('enter.bash'), String(pid), processStart(pid) ?? ''],
        'echo "$0"',
      );
      expect(stdout).toBe('/bin/sh\n');
    } finally {
      process.kill(pid);
    }
  },
);

it('what asks on the terminal for a password, as sudo does, is answered there', async () => {
  const asking = 'IFS= read -r -s -p "password: " word < /dev/tty; echo "got $word"';
  const words = ['bash', '-c', asking];
  const terminal = spawnPty(
    'bash',
    [
      breakpointFile('open-shell.bash'),
      ...[String(process.pid), processStart(process.pid) ?? '', 'asked'],
      ...['nsenter', String(words.length), ...words],
    ],
    { cols: 200 },
  );
  let said = '';
  terminal.onData((data) => {
    said += data;
    if (said.endsWith('password: ')) terminal.write('secret\r');
  });
  const status = await new Promise((resolve) => {
    terminal.onExit(({ exitCode }) => resolve(exitCode));
  });
  expect({ status, said }).toMatchObject({
    status: 0,
    said: expect.stringMatching(/password: got secret\r\n$/) as string,
  });
});

describe.skipIf(nixReason !== null)(titled('a build by Nix held at its failure', nixReason), () => {
  let build: Build;
  beforeEach(() => {
    build = Build.open();
  });
  afterEach(async () => {
    await build.close();
  });

  async function hold(
    target: string,
    onPaused: (
      paused: PausedBuild,
      over: AbortSignal,
      problem: StrataError | null,
    ) => PausedAnswer | Promise<PausedAnswer>,
    change: Partial<NixBuildWish> = {},
  ): Promise<{
    readonly end: NixBuildResult;
    readonly notes: readonly string[];
    readonly log: string;
    /** How often all began anew. */
    readonly again: number;
  }> {
    const notes: string[] = [];
    const lines: string[] = [];
    let again = 0;
    const engine = await build.engine();
    const wish: NixBuildWish = {
      target,
      attribute: null,
      evaluation: {},
      mode: 'normal',
      failedDirectory: 'remove',
      afterFailure: 'end',
      onFailure: 'hold',
      enterBy: 'nsenter',
      outLink: null,
      ...change,
    };
    const end = await engine.nixBuild(wish, {
      signal: new AbortController().signal,
      onEvaluated: () => undefined,
      onChange: () => undefined,
      sink: ({ text }) => lines.push(text),
      onNote: (text) => notes.push(text),
      onAgain: () => (again += 1),
      onPaused: async (paused, over, problem) => onPaused(paused, over, problem),
    });
    return { end, notes, log: lines.join('\n'), again };
  }

  it.skipIf(foreign !== null)(
    titled('is entered in its directory, with its variables and as its user', foreign),
    async () => {
      const name = newName();
      const file = build.file(failing(name));
      let seen = '';
      const { end, notes, log } = await hold(file, (paused) => {
        expect(paused).toMatchObject({ name, phase: 'buildPhase', exitCode: 1, hindrance: null });
        seen = entered(
          paused.openShell,
          'echo "$seen|$PWD|$(cat main.o)|${FROM_OUTSIDE-none}|$(id -u)|$HOME"; test -e /etc/shadow || echo inside',
        ).stdout;
        return 'end';
      });
      expect(seen).toBe('two words|/build/sub|partial|none|1000|/homeless-shelter\ninside\n');
      expect(end).toMatchObject({ status: 'failed', paused: { endedBy: 'person' } });
      expect(notes[0]).toMatch(/^a breakpoint is added with overrideAttrs: Strata’s own hook/);
      expect(log).toContain('Running phase: buildPhase');
      expect(readFileSync(file, 'utf8')).toBe(failing(name));
      await nothingLeft(name);
    },
  );

  it.skipIf(foreign === null)(
    titled(
      'of another user is entered through root alone',
      foreign === null ? 'it is one’s own here' : null,
    ),
    async () => {
      const { end } = await hold(
        build.file(failing(newName())),
        ({ ways, directory, hindrance }) => {
          expect(directory).toBe(null);
          if (ways.length === 0) expect(hindrance).toMatch(/neither sudo nor pkexec/);
          else expect(ways[0]?.command[0]).toMatch(/^(sudo|pkexec)$/);
          return 'end';
        },
      );
      expect(end).toMatchObject({ status: 'failed', paused: { endedBy: 'person' } });
    },
  );

  it('is built again, with what was edited meanwhile', async () => {
    const name = newName();
    const file = build.file(failing(name));
    const phases: (string | null)[] = [];
    const { end, again } = await hold(file, ({ phase }) => {
      phases.push(phase);
      writeFileSync(file, failing(name, 'installPhase = "mkdir $out";').replace('false', ''));
      return 'retry';
    });
    expect(phases).toStrictEqual(['buildPhase']);
    expect(again).toBe(1);
    expect(end).toMatchObject({
      status: 'succeeded',
      paused: null,
      outputs: [expect.stringMatching(/^\/nix\/store\/.*-paused-/)],
    });
  });

  it('has the hook of its package set, and the script that this prints', async () => {
    const name = newName();
    const file = build.file(`let
      stdenv = import ${STDENV.replace(/^\(import (\S+).*$/, '$1')} { };
    in rec {
      breakpointHook = stdenv.mkDerivation {
        name = "breakpoint-hook";
        dontUnpack = true;
        installPhase = ''
          mkdir -p $out/nix-support $out/bin
          printf '#!/bin/sh\\necho attached to $1\\n' > $out/bin/attach; chmod +x $out/bin/attach
          sed "s|@attach@|$out/bin/attach|" \${hook} > $out/nix-support/setup-hook
        '';
      };
      hook = builtins.toFile "breakpoint-hook.sh" ''
        breakpointHook() {
          local id=$((RANDOM * 32768 + RANDOM + 1000000))
          echo -e "\\033[0;31mbuild for $name failed in $curPhase with exit code $exitCode\\033[0m"
          echo "To attach, run the following command:"
          echo "    sudo @attach@ $id"
          sleep "$id"
        }
        failureHooks+=(breakpointHook)
      '';
      package = ${failing(name)};
    }`);
    const ways: string[] = [];
    const { end, notes } = await hold(
      file,
      (paused) => {
        ways.push(...paused.ways.map((way) => way.name));
        const script = paused.ways.find((way) => way.name === 'script');
        if (process.geteuid?.() === 0) {
          expect(entered(script?.command ?? null, '').stdout).toMatch(/^attached to \d+\n$/);
          // A stranger's package set brings it, and it runs outside the build: not where nobody agrees.
          const { stdout, stderr } = entered(paused.openShell, 'echo "in $PWD"');
          expect(stdout).not.toContain('attached to');
          expect(stderr).toMatch(/left out: it comes with the target's package set|by cntr/);
          if (!paused.ways.some((way) => way.name === 'cntr'))
            expect(stdout).toBe('in /build/sub\n');
        }
        return 'end';
      },
      { attribute: 'package', enterBy: null },
    );
    expect(notes[0]).toMatch(/the breakpointHook of its package set$/);
    if (process.geteuid?.() === 0) expect(ways).toContain('script');
    expect(end).toMatchObject({ paused: { build: { name, phase: 'buildPhase' } } });
  });

  it.skipIf(foreign !== null)(
    titled('without a stdenv it pauses after its builder', foreign),
    async () => {
      const name = newName();
      const file = build.file(`derivation {
      name = "${name}"; system = builtins.currentSystem; builder = "/bin/bash"; mark = "here";
      args = [ "-c" "PATH=/usr/bin:/bin; echo begun; echo left > file; exit 7" ];
    }`);
      let seen = '';
      const { notes } = await hold(file, (paused) => {
        expect(paused).toMatchObject({ name, phase: null, exitCode: 7 });
        seen = entered(paused.openShell, 'echo "$mark|$(< file)"').stdout;
        return 'end';
      });
      expect(seen).toBe('here|left\n');
      expect(notes[0]).toMatch(/^its builder knows no hooks/);
      await nothingLeft(name);
    },
  );

  it.skipIf(foreign !== null)(
    titled('of a .drv with structured attributes it has the hook too', foreign),
    async () => {
      const name = newName();
      const file = build.file(failing(name, '__structuredAttrs = true; list = [ "a b" "c" ];'));
      const drv = spawnSync('nix-instantiate', [file], { encoding: 'utf8' }).stdout.trim();
      let seen = '';
      const { notes } = await hold(drv, (paused) => {
        seen = entered(paused.openShell, 'echo "${list[0]}|$PWD"').stdout;
        return 'end';
      });
      expect(seen).toBe('a b|/build/sub\n');
      expect(notes[0]).toMatch(/^a breakpoint is added to its \.drv/);
    },
  );

  it.skipIf(foreign !== null)(
    titled('that ends while a person is asked, or attaches, is told to have ended', foreign),
    async () => {
      const name = newName();
      let late: ReturnType<typeof entered> | undefined;
      const { end } = await hold(
        build.file(failing(name)),
        async ({ process: paused, openShell }, over) => {
          process.kill(paused.pid, 'SIGKILL');
          await new Promise((resolve) => over.addEventListener('abort', resolve));
          late = entered(openShell, 'echo in');
          return new Promise(() => undefined);
        },
      );
      expect(end).toMatchObject({
        status: 'failed',
        paused: { build: { name }, endedBy: 'itself' },
      });
      expect(late).toStrictEqual({
        status: 3,
        stdout: '',
        stderr: 'strata: the build has ended; there is nothing to enter\n',
      });
    },
  );

  it('that fails where there is no breakpoint is not held', async () => {
    const file = build.file(
      `let dependency = ${failing(newName())}; in ${failing(newName(), 'inherit dependency;')}`,
    );
    const { end } = await hold(file, () => {
      throw new Error('held');
    });
    expect(end).toMatchObject({ status: 'failed', paused: null });
    expect(end.log.failed.map(({ derivation }) => derivation)).toHaveLength(1);
  });

  it('has what is set from outside, and reaches what may be built with that alone', async () => {
    const name = newName();
    const file = build.file(
      `if builtins.getEnv "NIXPKGS_ALLOW_UNFREE" != "1" then throw "unfree" else ${failing(name)}`,
    );
    let seen = '';
    const { end } = await hold(
      file,
      ({ process: { pid } }) => {
        if (foreign === null) seen = readFileSync(`/proc/${pid}/environ`, 'latin1');
        return 'end';
      },
      { evaluation: { allowUnfree: true, changes: new Map([['mark', 'from outside']]) } },
    );
    expect(end.paused?.build.name).toBe(name);
    if (foreign === null) expect(seen.split('\0')).toContain('mark=from outside');
  });

  it('is no build to check', async () => {
    const wanted = hold(build.file(failing(newName())), () => 'end', { mode: 'check' });
    await expect(wanted).rejects.toMatchObject({
      code: 'usage',
      advice: 'choose one of --hold and --check',
    });
  });

  it('waits too where the breakpoint is the package’s own, and its log says so', async () => {
    const name = newName();
    const hook = join(import.meta.dirname, '../../../resources/breakpoint/hook.bash');
    const file = build.file(failing(name, `nativeBuildInputs = [ ${hook} ];`));
    const { end, notes } = await hold(file, () => 'end', { onFailure: 'end' });
    expect(end).toMatchObject({ paused: { build: { name, phase: 'buildPhase' } } });
    expect(notes).toStrictEqual([]);
    await nothingLeft(name);
  });

  it('is no process of anybody else that only looks like it', async () => {
    const output = `/nix/store/${'0'.repeat(32)}-${newName()}`;
    const mark = `   cntr attach -t command cntr-${output}`;
    const decoy = spawn('sh', ['-c', `echo '${mark}'; while true; do sleep 99; done`]);
    try {
      const file = build.file(`${STDENV} {
        name = "${newName()}"; dontUnpack = true;
        installPhase = "echo 'build failed in checkPhase with exit code 2'; echo '${mark}'; sleep 4; touch $out";
      }`);
      const { end, notes } = await hold(
        file,
        () => {
          throw new Error('held');
        },
        { onFailure: 'end' },
      );
      expect(end).toMatchObject({ status: 'succeeded', paused: null });
      expect(notes.join()).toMatch(/no such process is on this machine/);
    } finally {
      decoy.kill('SIGKILL');
    }
  });

  it.skipIf(foreign !== null)(
    titled('that ends while it is entered gives the terminal back before its end is told', foreign),
    async () => {
      const place = newPlace();
      const name = newName();
      const file = join(place.directory, 'default.nix');
      writeFileSync(file, failing(name));
      const terminal = spawnPty(
        process.execPath,
        [PROGRAM, 'nix-build', '--hold', '--enter-by', 'nsenter', file],
        { cwd: place.directory, env: { ...place.env, TERM: 'dumb' }, cols: 250 },
      );
      let said = '';
      let step = 0;
      terminal.onData((data) => {
        said += data;
        if (step === 0 && said.includes('q ends the build.')) {
          step = 1;
          terminal.write('\r');
        } else if (step === 1 && /entering the build[^]*\/build\/sub/.test(said)) {
          step = 2;
          for (const pid of processesWith(`-${name}'`)) process.kill(Number(pid), 'SIGKILL');
        }
      });
      const status = await new Promise((resolve) => {
        terminal.onExit(({ exitCode }) => resolve(exitCode));
      });
      expect(status).toBe(1);
      expect(said).toMatch(
        /strata: the build has ended(?!; there)[^]*It was held, and the paused build has ended by itself/,
      );
      expect(said.match(/Enter opens a shell/g)).toHaveLength(1);
    },
  );

  it.skipIf(foreign !== null)(titled('without a sandbox is entered too', foreign), async () => {
    const name = newName();
    let seen = '';
    const { end } = await hold(
      build.file(failing(name)),
      ({ openShell }) => {
        seen = entered(
          openShell,
          'echo "$seen|$(cat main.o)"; test -e /etc/os-release && echo outside',
        ).stdout;
        return 'end';
      },
      { evaluation: { options: [['sandbox', 'false']] } },
    );
    expect(end.paused?.build.name).toBe(name);
    expect(seen).toBe('two words|partial\noutside\n');
  });

  it('stays paused where it cannot be evaluated again, and says why', async () => {
    const name = newName();
    const file = build.file(failing(name));
    const problems: (string | null)[] = [];
    const { end, again } = await hold(file, (_, __, problem) => {
      problems.push(problem?.reason ?? null);
      if (problems.length > 1) return 'end';
      writeFileSync(file, 'throw "not yet"');
      return 'retry';
    });
    expect(problems).toStrictEqual([null, expect.stringContaining('not yet')]);
    expect(again).toBe(0);
    expect(end.paused).toMatchObject({ build: { name }, endedBy: 'person' });
  });

  it('is not begun where its result could not be linked', async () => {
    const outLink = join(import.meta.dirname, 'paused-build.test.ts');
    await expect(
      hold(build.file(failing(newName())), () => 'end', { outLink }),
    ).rejects.toMatchObject({ code: 'in-use', reason: 'something else than a link has that name' });
  });

  it('is refused before it is begun where it could not be entered as wished', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = join(import.meta.dirname, 'nowhere');
    try {
      await expect(
        hold(build.file(failing(newName())), () => 'end', { enterBy: 'cntr' }),
      ).rejects.toMatchObject({
        code: 'environment',
        reason: 'cntr is not on PATH',
      });
    } finally {
      process.env['PATH'] = path;
    }
  });

  it('that Nix itself would carry out is refused', async () => {
    const file = build.file(`derivation {
      name = "fetched"; system = "builtin"; builder = "builtin:fetchurl"; url = "file:///nowhere";
      outputHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="; outputHashMode = "flat";
    }`);
    await expect(hold(file, () => 'end')).rejects.toMatchObject({ code: 'usage' });
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
    'is not left behind by a command line that ends with %s',
    async (signal) => {
      const place = newPlace();
      const name = newName();
      const file = join(place.directory, 'default.nix');
      writeFileSync(file, failing(name));
      const child = startStrata(place, ['nix-build', '--hold', file]);
      child.stdout.resume();
      let said = '';
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await new Promise<void>((resolve) => {
        child.stderr.on('data', (chunk: Buffer) => {
          said += chunk.toString();
          if (said.includes('q ends the build.')) resolve();
        });
      });
      // Between the fork of its sleep and the exec there are two.
      await expect.poll(() => processesWith(`-${name}'`)).toHaveLength(1);
      process.kill(child.pid ?? 0, signal);
      await ended;
      await nothingLeft(name);
    },
  );
});
