/**
 * The stdenvs that packages of these tests are built with: the host stdenv of resources/, and nixpkgs' own `setup.sh`, of
 * any age, where the machine has it.
 *
 * nixpkgs is no part of this repository. STRATA_NIXPKGS_STDENV names directories, separated by colons, that each hold its
 * pkgs/stdenv/generic: setup.sh, builder.sh and default-builder.sh, since 2025 also source-stdenv.sh; and where wanted a
 * folder setup-hooks with files of pkgs/build-support/setup-hooks. Its Nix files want all of nixpkgs' lib, so the two
 * derivations they would make, that of the stdenv and that of a package, are written out here.
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Stdenv {
  readonly name: string;
  /** A Nix expression for a set with `mkDerivation`. */
  readonly expression: string;
}

const hostStdenv: Stdenv = {
  name: 'host-stdenv',
  expression: `import ${fileURLToPath(new URL('../../../resources/host-stdenv', import.meta.url))} { }`,
};

/** What the standard phases of the host stdenv do without being asked, from nixpkgs' hooks, in nixpkgs' order. */
const SETUP_HOOKS = [
  'audit-tmpdir.sh',
  'compress-man-pages.sh',
  'make-symlinks-relative.sh',
  'move-docs.sh',
  'move-lib64.sh',
  'move-sbin.sh',
  'move-systemd-user-units.sh',
  'multiple-outputs.sh',
  'patch-shebangs.sh',
  'prune-libtool-files.sh',
  'reproducible-builds.sh',
  'set-source-date-epoch-to-latest.sh',
  'strip.sh',
];

/** As pkgs/stdenv/generic/default.nix and make-derivation.nix have it, without a C compiler of nixpkgs' own. */
function nixpkgsStdenv(directory: string): Stdenv {
  const there = new Set(
    existsSync(join(directory, 'setup-hooks')) ? readdirSync(join(directory, 'setup-hooks')) : [],
  );
  const hooks = SETUP_HOOKS.filter((name) => there.has(name)).map((name) =>
    join(directory, 'setup-hooks', name),
  );
  const sourceStdenv = join(directory, 'source-stdenv.sh');
  return {
    name: basename(directory),
    expression: `
      let
        system = builtins.currentSystem;
        shell = "/bin/bash";
        stdenv = derivation {
          name = "${basename(directory)}";
          inherit system shell;
          builder = shell;
          args = [ "-e" ${join(directory, 'builder.sh')} ];
          setup = ${join(directory, 'setup.sh')};
          # What the wrapper of a C compiler would say.
          preHook = "export CC=cc STRIP=strip RANLIB=ranlib";
          initialPath = [ "/usr" "/" ];
          defaultNativeBuildInputs = [ ${hooks.join(' ')} ];
          defaultBuildInputs = [ ];
        };
        build = attrs: derivation ({
          builder = shell;
          args = [ "-e" ${existsSync(sourceStdenv) ? sourceStdenv : ''} ${join(directory, 'default-builder.sh')} ];
          inherit system stdenv;
          outputs = [ "out" ];
          depsBuildBuild = [ ]; nativeBuildInputs = [ ]; depsBuildTarget = [ ];
          depsHostHost = [ ]; buildInputs = [ ]; depsTargetTarget = [ ];
          depsBuildBuildPropagated = [ ]; propagatedNativeBuildInputs = [ ]; depsBuildTargetPropagated = [ ];
          depsHostHostPropagated = [ ]; propagatedBuildInputs = [ ]; depsTargetTargetPropagated = [ ];
          strictDeps = false;
          patches = [ ];
          configureFlags = [ ]; cmakeFlags = [ ]; mesonFlags = [ ];
          doCheck = false;
          doInstallCheck = false;
          __ignoreNulls = true;
        } // builtins.removeAttrs attrs [ "meta" "passthru" ]);
      in { inherit shell; mkDerivation = build; }`,
  };
}

const directories = (process.env['STRATA_NIXPKGS_STDENV'] ?? '').split(':').filter(Boolean);

/** All stdenvs there are here. */
export const stdenvs: readonly Stdenv[] = [hostStdenv, ...directories.map(nixpkgsStdenv)];

/** Why nixpkgs' own stdenv is not among them; null where it is. */
export const nixpkgsReason: string | null =
  directories.length > 0
    ? null
    : 'STRATA_NIXPKGS_STDENV names no directory with the stdenv of nixpkgs';

/** A package: its attributes, each a Nix expression that may use `stdenv`. */
export type Attributes = Readonly<Record<string, string>>;

/** The expression for a package of a stdenv. */
export function packageOf(stdenv: Stdenv, attributes: Attributes): string {
  const lines = Object.entries(attributes).map(([name, value]) => `  ${name} = ${value};\n`);
  return `let stdenv = ${stdenv.expression}; in stdenv.mkDerivation {\n${lines.join('')}}\n`;
}
