# A small C program with a manual page, a development header and a patch: every usual phase has something to do.
{
  stdenv ? import ../../host-stdenv { },
}:

stdenv.mkDerivation {
  pname = "hello";
  version = "1.0";

  src = ./src;
  patches = [ ./greet-by-name.patch ];

  outputs = [
    "out"
    "dev"
    "man"
  ];

  makeFlags = [ "PREFIX=$(out)" ];
  enableParallelBuilding = true;

  doCheck = true;
  doInstallCheck = true;

  postInstall = ''
    mkdir -p $out/share/doc/hello
    cp README $out/share/doc/hello/
  '';

  installCheckPhase = ''
    runHook preInstallCheck
    test "$($out/bin/hello Nix)" = "Hello, Nix!"
    runHook postInstallCheck
  '';

  meta.description = "Greets the world, or whoever is named";
}
