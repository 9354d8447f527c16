# A package that compiles and passes its tests, and then installs into a directory that nobody has made. The cure is one
# word: `install -D`, which makes it.
{
  stdenv ? import ../../host-stdenv { },
}:

stdenv.mkDerivation {
  pname = "primes";
  version = "1.0";

  src = ./src;

  doCheck = true;

  installPhase = ''
    runHook preInstall
    install -m 755 primes $out/bin/primes
    runHook postInstall
  '';
}
