# A build that takes about a minute on two cores, nearly all of it compiling: long enough that starting over hurts, and
# even enough to measure with. `--arg units 4` makes it short.
{
  stdenv ? import ../../host-stdenv { },
  # How many C files to compile.
  units ? 90,
}:

stdenv.mkDerivation {
  pname = "minute";
  version = "1.0";

  src = ./src;

  inherit units;
  makeFlags = [
    "PREFIX=$(out)"
    "UNITS=${toString units}"
  ];
  enableParallelBuilding = true;

  # Generated, since so many sources would only be in the way here.
  configurePhase = ''
    runHook preConfigure
    ./generate.sh "$units"
    runHook postConfigure
  '';

  doCheck = true;
}
