# The example that takes about a minute, with something to change: `salt`, which only makes it another derivation, and
# what installPhase installs.
{
  units,
  salt ? "",
  note ? "",
}:
(import ../examples/minute { inherit units; }).overrideAttrs {
  inherit salt;
  installPhase = ''
    runHook preInstall
    install -D -m 755 minute $out/bin/minute
    echo '${note}' > $out/note
    runHook postInstall
  '';
}
