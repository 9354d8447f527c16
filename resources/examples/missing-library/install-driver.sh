#!/bin/sh
# Puts the driver that ./src/render.c loads onto this machine, where a distribution would put it. As root:
#
#   ./install-driver.sh [DIRECTORY]      DIRECTORY defaults to /run/strata-driver/lib, which the next boot empties
set -eu

directory=${1:-/run/strata-driver/lib}
source=$(dirname -- "$0")/driver/driver.c

mkdir -p -- "$directory"
cc -shared -fPIC -O2 -Wl,-soname,libstrata-driver.so.1 -o "$directory/libstrata-driver.so.1" "$source"
echo "installed $directory/libstrata-driver.so.1"
