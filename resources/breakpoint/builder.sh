# Runs a builder that knows no hooks, and waits as hook.bash does where it fails: builder.sh SHELL BUILDER ARGUMENT…
# Where the builder was then, and what its shell had in variables, is gone with it.

shell=$1
shift
"$@"
status=$?
if [ "$status" = 0 ]; then exit 0; fi

echo "build for ${name:-unknown} failed in unknown with exit code $status"
echo 'To attach install cntr and run the following command as root:'
echo
"$shell" -c "echo '   cntr attach -t command cntr-${out:-/${name:-unknown}}'; while true; do sleep 99999999 || kill -STOP \$\$; done"
exit "$status"
