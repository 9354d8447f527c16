// The examples and the host stdenv under Nix itself: what Strata's own builds of them are measured against.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { nixEnv, nixReason } from './real-nix.ts';

const resources = fileURLToPath(new URL('../../resources', import.meta.url));

interface Build {
  readonly succeeded: boolean;
  /** The phases that the log announces, in their order. */
  readonly phases: readonly string[];
  readonly log: string;
  /** Store paths of all outputs in the order of the package's `outputs`; none where the build failed. */
  readonly outputs: readonly string[];
}

/** Builds all outputs of the package that a Nix expression gives, relative to `resources/`. */
function build(expression: string): Build {
  // A value of its own makes Nix build what it has built before.
  const fresh = `((${expression}).overrideAttrs (old: { env = (old.env or { }) // { TEST_RUN = "${randomUUID()}"; }; }))`;
  const { status, stdout, stderr } = spawnSync(
    'nix-build',
    ['--no-out-link', '-E', `${fresh}.all`],
    {
      env: nixEnv,
      encoding: 'utf8',
      cwd: resources,
    },
  );
  return {
    succeeded: status === 0,
    phases: [...stderr.matchAll(/^Running phase: (\S+)$/gm)].map((match) => match[1] ?? ''),
    log: stderr,
    outputs: stdout.split('\n').filter((line) => line !== ''),
  };
}

/** Builds a package given by its attributes; `attributes` may use `stdenv`. */
function buildPackage(attributes: string): Build {
  return build(`let stdenv = import ./host-stdenv { }; in stdenv.mkDerivation ${attributes}`);
}

/** The files below a directory, sorted. */
function filesIn(directory = ''): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}

const read = (output = '', file = '') => readFileSync(join(output, file), 'utf8');

/** What the phases and hooks of a package printed, when each prints lines that begin with "- ". */
const printed = ({ log }: Build) => [...log.matchAll(/^- (.*)$/gm)].map((match) => match[1]);

const suite = nixReason === null ? '' : ` (skipped: ${nixReason})`;

describe.skipIf(nixReason !== null)(`the examples, built by Nix${suite}`, () => {
  test('hello succeeds, and its files are in their outputs', () => {
    const hello = build('import ./examples/hello { }');
    expect(hello.phases).toEqual([
      'unpackPhase',
      'patchPhase',
      'configurePhase',
      'buildPhase',
      'checkPhase',
      'installPhase',
      'fixupPhase',
      'installCheckPhase',
    ]);
    expect(hello.outputs.map(filesIn)).toEqual([
      ['bin/hello', 'share/doc/hello/README'],
      ['include/greeting.h', 'nix-support/propagated-build-inputs'],
      ['share/man/man1/hello.1'],
    ]);
    const greeting = spawnSync(join(hello.outputs[0] ?? '', 'bin/hello'), ['patch'], {
      encoding: 'utf8',
    });
    expect(greeting.stdout).toBe('Hello, patch!\n');
  });

  test('install-fails fails in installPhase, after the compiling and the tests', () => {
    const primes = build('import ./examples/install-fails { }');
    expect(primes.succeeded).toBe(false);
    expect(primes.phases.slice(-3)).toEqual(['buildPhase', 'checkPhase', 'installPhase']);
    expect(primes.log).toMatch(
      /install: cannot create regular file '.*\/bin\/primes': No such file or directory/,
    );
  });

  test('install-fails is cured by one word', () => {
    const cured = build(`(import ./examples/install-fails { }).overrideAttrs (old: {
      installPhase = builtins.replaceStrings [ "install -m" ] [ "install -D -m" ] old.installPhase;
    })`);
    expect(cured.outputs.map(filesIn)).toEqual([['bin/primes']]);
  });

  test('missing-library fails in checkPhase and names the library', () => {
    const render = build('import ./examples/missing-library { }');
    expect(render.succeeded).toBe(false);
    expect(render.phases.at(-1)).toBe('checkPhase');
    expect(render.log).toContain(
      'failed to load driver: libstrata-driver.so.1: cannot open shared object file: No such file or directory',
    );
  });

  test('structured gets its lists, sets and env', () => {
    const settings = build('import ./examples/structured { }');
    const [out, doc] = settings.outputs;
    expect(filesIn(doc)).toEqual(['share/doc/settings/README']);
    expect(read(out, 'etc/greetings')).toBe('Good morning\nGood evening\n');
    expect(read(out, 'etc/settings.conf')).toBe('colour = dark blue\nsize = 12\nverbose = 1\n');
    expect(read(out, 'etc/language')).toBe('en\n');
    expect(JSON.parse(read(out, 'etc/.attrs.json'))).toMatchObject({
      servers: [{ host: 'localhost', ports: [80, 443] }],
    });
  });

  test('minute can be made short', () => {
    const minute = build('import ./examples/minute { units = 2; }');
    expect(minute.outputs.map(filesIn)).toEqual([['bin/minute']]);
  });
});

describe.skipIf(nixReason !== null)(`the host stdenv keeps nixpkgs' contract${suite}`, () => {
  test('phases and hooks run in their order', () => {
    const package_ = buildPackage(`{
      name = "order";
      src = ./examples/hello/src;
      prePhases = "first";
      first = "echo '- first'";
      preConfigurePhases = [ "second" ];
      second = "echo '- second'";
      postPhases = [ "last" ];
      last = "echo '- last'; touch $out";
      postUnpack = "echo '- postUnpack'";
      preBuild = ''
        preInstallHooks+=("echo '- array hook 1'" twice)
        twice() { echo "- array hook 2"; }
        echo "- preBuild"
      '';
      dontConfigure = true;
      preInstall = "echo '- preInstall'";
      installPhase = "runHook preInstall; echo \\"- $curPhase\\"; runHook postInstall";
      postInstall = "echo '- postInstall'";
      doInstallCheck = true;
      installCheckPhase = "echo '- installCheck'";
      exitHook = "echo '- exitHook'";
    }`);
    expect(printed(package_)).toEqual([
      'first',
      'postUnpack',
      'second',
      'preBuild',
      'preInstall',
      'array hook 1',
      'array hook 2',
      'installPhase',
      'postInstall',
      'installCheck',
      'last',
      'exitHook',
    ]);
    expect(package_.phases).toEqual([
      'first',
      'unpackPhase',
      'patchPhase',
      'second',
      'buildPhase',
      'installPhase',
      'fixupPhase',
      'installCheckPhase',
      'last',
    ]);
  });

  test('`phases` replaces the list, and a failure runs failureHook', () => {
    const package_ = buildPackage(`{
      name = "phases";
      phases = [ "one" "buildPhase" "never" ];
      one = "echo '- one'; printPhases | sed 's/^/- /'";
      buildPhase = "false; echo '- unreachable'";
      failureHook = "echo \\"- $curPhase failed with $exitCode\\"";
    }`);
    expect(package_.succeeded).toBe(false);
    expect(printed(package_)).toEqual([
      'one',
      'one',
      'buildPhase',
      'never',
      'buildPhase failed with 1',
    ]);
  });

  test('buildCommand takes the place of all phases, from a file too', () => {
    for (const passAsFile of ['[ ]', '[ "buildCommand" ]']) {
      const package_ = buildPackage(
        `{ name = "command"; passAsFile = ${passAsFile}; buildCommand = "echo built > $out"; }`,
      );
      expect(package_.phases).toEqual([]);
      expect(read(package_.outputs[0])).toBe('built\n');
    }
  });

  test('inputs bring programs, setup hooks, headers and what they propagate', () => {
    const package_ = build(`
      let
        stdenv = import ./host-stdenv { };
        tool = stdenv.mkDerivation {
          name = "tool";
          setupHook = builtins.toFile "hook" ''
            noteInput() { echo "- env hook for $(stripHash "$1")"; }
            addEnvHooks "$hostOffset" noteInput
            toolFrom=@out@
          '';
          buildCommand = ''
            mkdir -p $out/bin
            printf '#!/usr/bin/env bash\\necho - tool runs\\n' > $out/bin/tool
            chmod +x $out/bin/tool
            fixupPhase
          '';
        };
        library = stdenv.mkDerivation {
          name = "library";
          outputs = [ "out" "dev" ];
          propagatedBuildInputs = [ tool ];
          buildCommand = ''
            mkdir -p $out/lib $out/include
            echo 'int answer(void);' > $out/include/answer.h
            echo 'int answer(void) { return 42; }' | cc -shared -fPIC -x c - -o $out/lib/libanswer.so
            fixupPhase
          '';
        };
      in
      stdenv.mkDerivation {
        name = "user";
        nativeBuildInputs = [ tool ];
        buildInputs = [ library ];
        buildCommand = ''
          tool
          test -n "$toolFrom"
          printf '#include <answer.h>\\nint main(void) { return answer() != 42; }' | cc -x c - -lanswer -o $out
          $out && echo "- program runs"
        '';
      }`);
    expect(package_.succeeded, package_.log).toBe(true);
    expect(printed(package_)).toContain('tool runs');
    expect(printed(package_)).toContain('env hook for library-dev');
    expect(printed(package_).at(-1)).toBe('program runs');
  });

  test.each(['false', 'true'])(
    'lists of flags and substitutions work with __structuredAttrs = %s',
    (structured) => {
      const package_ = buildPackage(`(finalAttrs: {
      pname = "lists";
      version = "2";
      __structuredAttrs = ${structured};
      flags = [ "a" "*" ];
      buildCommand = ''
        appendToVar flags last
        prependToVar flags first
        concatTo all flags missing=default
        echo "- $(concatStringsSep , all)"
        printf 'x=@version@ & y\\n\\n' > text
        substituteInPlace text --subst-var-by version '\${finalAttrs.version}&' --replace-fail y z
        if substituteInPlace text --replace-fail absent x; then exit 1; fi
        substitute text $out --replace-quiet absent x
      '';
    })`);
      expect(printed(package_)).toEqual(['first,a,*,last,default']);
      expect(read(package_.outputs[0])).toBe('x=2& & z\n\n');
    },
  );

  test('archives of every usual kind are unpacked, a configure script gets its flags', () => {
    const package_ = buildPackage(`{
      name = "archives";
      preUnpack = ''
        for kind in gz xz bz2 zst; do
          mkdir pack-$kind && touch pack-$kind/file-$kind
          tar --create --auto-compress --file archive.tar.$kind pack-$kind && rm -r pack-$kind
          srcs+=" $PWD/archive.tar.$kind"
        done
        mkdir package
        printf '#!/usr/bin/env sh\\necho "- $*"' > package/configure
        chmod +x package/configure
      '';
      sourceRoot = "package";
      configureFlags = [ "--enable-x" ];
      installPhase = "cd ..; echo pack-*/file-* > $out";
    }`);
    expect(read(package_.outputs[0])).toBe(
      'pack-bz2/file-bz2 pack-gz/file-gz pack-xz/file-xz pack-zst/file-zst\n',
    );
    expect(printed(package_)).toEqual([`--prefix=${package_.outputs[0] ?? ''} --enable-x`]);
  });
});
