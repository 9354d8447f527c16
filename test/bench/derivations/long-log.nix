# A build that prints `lines` lines.
{ lines ? "1000000" }:
let
  stdenv = import ../host-stdenv { };
in
stdenv.mkDerivation {
  name = "long-log";
  phases = [
    "printPhase"
    "finishPhase"
  ];
  printPhase = "seq -f 'line %.0f of a log that nobody reads to its end' ${lines}";
  finishPhase = "mkdir $out";
}
