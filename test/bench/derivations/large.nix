# A hundred directories of a thousand small files, and a phase that changes all of them.
{ word ? "second" }:
let
  stdenv = import ../host-stdenv { };
in
stdenv.mkDerivation {
  name = "large";
  inherit word;
  script = ./write-tree.sh;
  phases = [
    "makePhase"
    "changePhase"
    "installPhase"
  ];
  makePhase = "sh $script tree first";
  changePhase = "sh $script tree $word";
  installPhase = "mkdir $out";
}
