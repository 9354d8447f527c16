# Runs a command under bpftrace, as root: bpftrace.bash OUTPUT COMMAND…
# Its status is the command's; 125 where bpftrace could not begin.
output=$1
shift

here=$(dirname "${BASH_SOURCE[0]}")
program=$(cat "$here/syscalls.bt")
if [[ $(uname -m) == x86_64 ]]; then program+=$'\n'$(cat "$here/syscalls-x86_64.bt"); fi

# 200 bytes of a string are the most that bpftrace before 0.20 takes. The second name is that of later ones.
BPFTRACE_STRLEN=200 BPFTRACE_MAX_STRLEN=200 BPFTRACE_PERF_RB_PAGES=1024 \
  bpftrace -f json -B line -o "$output" -e "$program" $$ 2> "$output.messages" &
tracer=$!
until grep -q '"strata ' "$output" 2> /dev/null; do
  if ! kill -0 $tracer 2> /dev/null; then
    cat "$output.messages" >&2
    exit 125
  fi
  sleep 0.02
done

"$@"
status=$?
# It writes what it still holds before it ends.
kill -INT $tracer
wait $tracer
rm -f "$output.messages"
exit $status
