# Runs a command while sysdig captures what it and its descendants ask of the kernel, as root: sysdig.bash OUTPUT COMMAND…
# Its status is the command's; 125 where sysdig could not begin. sysdig.bash --check only says whether it can.

# Without the kernel module (/dev/scap0) the probe that newer versions bring along; 0.29 has no such option.
driver=()
if [[ ! -e /dev/scap0 && $(sysdig --help 2>&1) == *--modern-bpf* ]]; then driver=(--modern-bpf); fi

if [[ $1 == --check ]]; then exec sysdig "${driver[@]}" -n 1 -w /dev/null; fi
output=$1
shift

# What is read and written is left out: it may be larger than the build. A datagram says whom it is for.
sysdig "${driver[@]}" -w "$output" \
  "(proc.pid=$$ or proc.apid=$$) and (evt.is_io=false or evt.type in (sendto, sendmsg))" 2> "$output.messages" &
tracer=$!
# It says nothing when it begins: the file begins with the processes there are, once the driver is open.
until [[ -s $output ]]; do
  if ! kill -0 $tracer 2> /dev/null; then
    cat "$output.messages" >&2
    exit 125
  fi
  sleep 0.05
done
sleep 0.2

"$@"
status=$?
# What is in the driver's buffer is taken out some times a second, and lost at the end.
sleep 0.5
kill -INT $tracer
wait $tracer
rm -f "$output.messages"
exit $status
