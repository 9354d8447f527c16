# A build of `count` phases that each write one small file, and one more that makes the output.
{ count }:
let
  stdenv = import ../host-stdenv { };
  names = builtins.genList (index: "step${toString (index + 1)}Phase") count;
  step = name: {
    inherit name;
    value = "echo ${name} > ${name}";
  };
in
stdenv.mkDerivation (
  {
    name = "phases-${toString count}";
    phases = names ++ [ "finishPhase" ];
    finishPhase = "mkdir $out";
  }
  // builtins.listToAttrs (map step names)
)
