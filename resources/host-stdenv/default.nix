# A standard environment that builds with the host's own compiler, shell and tools: no nixpkgs, no network, nothing to
# build first. Packages written for nixpkgs' stdenv mean the same here, as far as the host has the tools they ask for.
#
# The build sandbox must show the host's tools: sandbox-paths = /bin /usr /lib /lib64 (on Debian also /etc/alternatives).
{
  system ? builtins.currentSystem,
  shell ? "/bin/bash",
  # Directories whose bin/ makes up PATH before that of the build inputs.
  initialPath ? [
    "/usr"
    "/"
  ],
}:

let
  inherit (builtins)
    isFunction
    isString
    match
    removeAttrs
    ;

  # Only what a builder reads: an edit of this file or an editor's leftovers must not rebuild every package.
  setupFiles = builtins.path {
    name = "host-stdenv";
    path = ./.;
    filter = path: _type: match "setup|.*\\.bash" (baseNameOf path) != null;
  };

  # Headers and setup hooks live in an input's `dev` output; what else is needed, that output propagates.
  # An output that was chosen by name (`pkg.man`) stays as chosen.
  devOutput = input: if input.outputSpecified or false then input else input.dev or input.out or input;

  inputLists = [
    "depsBuildBuild"
    "nativeBuildInputs"
    "depsBuildTarget"
    "depsHostHost"
    "buildInputs"
    "depsTargetTarget"
    "propagatedNativeBuildInputs"
    "propagatedBuildInputs"
  ];

  # What Nix's evaluator keeps and a builder never sees: changing it rebuilds nothing.
  evaluationOnly = [
    "meta"
    "passthru"
    "pos"
  ];

  # The derivation for a function from the final attributes to the attributes, so that one attribute can refer to another
  # and overrideAttrs reaches both.
  fromFixpoint =
    attrsOf:
    let
      attrs = attrsOf (attrs // { inherit finalPackage; });
      finalPackage = build attrs (edit: fromFixpoint (extend edit attrsOf));
    in
    finalPackage;

  # overrideAttrs takes `{ … }`, `old: { … }` or `final: old: { … }`.
  extend =
    edit: attrsOf: final:
    let
      old = attrsOf final;
      afterOne = if isFunction edit then edit old else edit;
      # Only applying it tells how many arguments a function takes: with one, the result is the attributes.
      changes = if isFunction afterOne then edit final old else afterOne;
    in
    old // changes;

  build =
    attrs: overrideAttrs:
    let
      structured = attrs.__structuredAttrs or false;
      env = attrs.env or { };

      arguments =
        removeAttrs attrs (evaluationOnly ++ (if structured then [ ] else [ "env" ]))
        # Structured attributes keep `env` as a set, and `setup` exports its members.
        // (if structured then { inherit env; } else env)
        // builtins.listToAttrs (
          map (name: {
            inherit name;
            value = map devOutput (attrs.${name} or [ ]);
          }) inputLists
        )
        // {
          name = attrs.name or "${attrs.pname}-${attrs.version}";
          outputs = attrs.outputs or [ "out" ];
          patches = attrs.patches or [ ];
          strictDeps = attrs.strictDeps or false;
          doCheck = attrs.doCheck or false;
          doInstallCheck = attrs.doInstallCheck or false;
          builder = attrs.realBuilder or shell;
          args =
            attrs.args or [
              "-e"
              ./source-stdenv.sh
              (attrs.builder or ./default-builder.sh)
            ];
          stdenv = "${setupFiles}";
          # A list in structured attributes, words otherwise: `setup` reads both.
          inherit initialPath shell system;
          # `x = null` in a package means that x is not there.
          __ignoreNulls = true;
        };

      package = derivation arguments;
      passthru = attrs.passthru or { };
    in
    assert isString arguments.name;
    package
    // passthru
    // {
      inherit overrideAttrs passthru;
      meta = attrs.meta or { };
    };

  stdenv = {
    name = "host-stdenv";
    inherit initialPath shell system;

    # "${stdenv}/setup" is the file that builders and nix-shell source.
    outPath = "${setupFiles}";

    # A package from `{ … }` or, where an attribute wants to name another, from `finalAttrs: { … }`.
    mkDerivation = attrs: fromFixpoint (if isFunction attrs then attrs else _final: attrs);
  };
in
stdenv
