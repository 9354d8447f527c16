#!/bin/sh
# Makes bpftrace.jsonl, as root: a script under the program that strata run --tracer bpftrace uses.
here=$(cd "$(dirname "$0")" && pwd)
rm -rf /tmp/recorded && mkdir -p /tmp/recorded/deep && cd /tmp/recorded && echo there > there
env -i PATH=/usr/bin:/bin LC_ALL=C bash "$here/../../../../../resources/tracing/bpftrace.bash" /tmp/recorded.jsonl bash -c '
  cd /tmp/recorded
  cat there absent
  (cd deep; cat ../there ./none)
  cat "$(printf "a line\nfeed and caf\351")"
  cat "$(printf "%0210d" 0)"
  exec 3<>/dev/tcp/127.0.0.1/9
  exec 3<>/dev/tcp/::1/9
  sh -c "kill -9 \$\$" &
  sh -c "exit 5" &
  wait
  mkdir made; echo later > made/later; ln -s later made/link; mv made/link made/moved
  exit 7'
mv /tmp/recorded.jsonl "$here/bpftrace.jsonl"
