# A setup hook that does what nixpkgs' breakpointHook does, for package sets that have none: a build that fails says so and
# waits, with all its files and namespaces, until it is entered or ended.
#
# The text and the way to wait are those of the older hook: cntr finds the process by its command line, and so does Strata.

strataBreakpoint() {
  if declare -F dumpVars > /dev/null; then dumpVars; fi
  printf 'build for %s failed in %s with exit code %s\n' "${name:-unknown}" "${curPhase:-unknown}" "${exitCode:-unknown}"
  printf 'To attach install cntr and run the following command as root:\n\n'
  # Where there is no sleep, a stopped shell waits as well.
  sh -c "echo '   cntr attach -t command cntr-${out:-/${name:-unknown}}'; while true; do sleep 99999999 || kill -STOP \$\$; done"
}
failureHooks+=(strataBreakpoint)
