#!/bin/sh
# Records the texts beside this file: one script, traced with different options. As root or not; strace 6.1 made those here.
set -u
here=$(CDPATH='' cd "$(dirname "$0")" && pwd)
place=/tmp/strata-recording
rm -rf "$place" && mkdir -p "$place/sub" && cd "$place" || exit 1
echo one > present
echo two > sub/here
cat > script <<'SCRIPT'
cat present ../strata-recording/absent
(cd sub && cat here "$(printf 'caf\351')")
bash -c 'exec 3<>/dev/tcp/127.0.0.1/1'
sh -c 'kill -9 $$'
mkdir late && mv late later && cat later/ja
exit 3
SCRIPT
trace() {
  rm -rf later
  env -i PATH=/usr/bin:/bin LC_ALL=C strace "$@" sh script > /dev/null 2>&1
}
few='-e trace=%file,%process,%network,mmap,fchdir,close,dup,dup2,fcntl'
# shellcheck disable=SC2086
{
  trace --seccomp-bpf -f --decode-pids=pidns -ttt -y $few -o "$here/recommended.txt"
  trace -f $few -o "$here/bare.txt"
  trace -f -yy -xx -tt -T -i -n $few -o "$here/hexadecimal.txt"
  trace -f --decode-pids=comm -t $few -o "$here/comm.txt"
  rm -rf later
  env -i PATH=/usr/bin:/bin LC_ALL=C strace -f -r $few sh script > "$here/standard-error.txt" 2>&1
  rm -f "$here"/split.*
  trace -ff -ttt -y $few -o "$here/split"
}
rm -rf "$place"
