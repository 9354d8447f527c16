# A program that loads a driver when it runs, as graphics programs do, from a directory that belongs to the machine and
# not to the package. It compiles; its test fails, because the sandbox does not show that directory.
#
# ./install-driver.sh puts the driver onto this machine. The build fails just the same afterwards: the library is there
# now, outside the sandbox.
{
  stdenv ? import ../../host-stdenv { },
  # NixOS has /run/opengl-driver/lib for the same purpose.
  driverDirectory ? "/run/strata-driver/lib",
}:

stdenv.mkDerivation {
  pname = "render";
  version = "1.0";

  src = ./src;

  makeFlags = [
    "PREFIX=$(out)"
    "DRIVER_DIRECTORY=${driverDirectory}"
  ];

  doCheck = true;
}
