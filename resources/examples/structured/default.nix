# Structured attributes: the builder sees lists as bash arrays and sets as associative arrays, so values may hold spaces.
# Everything arrives in .attrs.sh and .attrs.json, nothing but `env` in the environment.
{
  stdenv ? import ../../host-stdenv { },
}:

stdenv.mkDerivation {
  pname = "settings";
  version = "1.0";

  __structuredAttrs = true;

  outputs = [
    "out"
    "doc"
  ];

  dontUnpack = true;

  # A list whose elements hold spaces.
  greetings = [
    "Good morning"
    "Good evening"
  ];

  # A set; bash iterates over it in no particular order.
  settings = {
    colour = "dark blue";
    size = 12;
    verbose = true;
  };

  # Nested values are in .attrs.json alone: bash has nothing to hold them.
  servers = [
    {
      host = "localhost";
      ports = [
        80
        443
      ];
    }
  ];

  # What programs started by the build are to see.
  env.GREETING_LANGUAGE = "en";

  buildPhase = ''
    runHook preBuild
    printf '%s\n' "''${greetings[@]}" > greetings
    for name in "''${!settings[@]}"; do
      echo "$name = ''${settings[$name]}"
    done | sort > settings.conf
    printenv GREETING_LANGUAGE > language
    runHook postBuild
  '';

  installPhase = ''
    runHook preInstall
    install -D -m 644 -t $out/etc greetings settings.conf language
    install -D -m 644 -t $out/etc "$NIX_ATTRS_JSON_FILE"
    mkdir -p $doc/share/doc/settings
    echo "Settings of ''${#settings[@]} kinds for ''${#greetings[@]} greetings." > $doc/share/doc/settings/README
    runHook postInstall
  '';

  # The order of hooks is that of the list.
  preInstallHooks = [
    "echo first hook"
    "echo second hook"
  ];
}
