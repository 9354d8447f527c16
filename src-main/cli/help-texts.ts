/** The longer texts of the help: what the lists of commands and options cannot say. */

export const SNAPSHOT_HELP =
  'an id, a unique prefix of one, a kept name, RUN:PHASE, or last:PHASE for the newest run';

export const FOOTER = `
Exit status: 0 success; 1 the build failed, an output is missing or a hash does not match; 2 the
command or this machine does not allow it; 130 stopped with Ctrl-C. shell gives that of its command.

Environment: XDG_CACHE_HOME (snapshots are kept in its directory strata, by default ~/.cache/strata),
NIX_CONFIG and all of Nix's own, NO_COLOR, FORCE_COLOR.

Examples:
  strata run ./default.nix -A hello             build it, phase by phase
  strata shell last:installPhase                a shell in the state that phase left, or failed in
  strata run ./default.nix -A hello             again: only what changed since runs
`;

export const RUN_EXAMPLES = `
Examples:
  strata run                                    ./default.nix
  strata run . -A hello --until buildPhase      as far as buildPhase
  strata run nixpkgs#hello --set doCheck=1      a package of a flake, with its tests
  strata run . --from installPhase              run installPhase and what follows, changed or not
  strata run . --break-before installPhase      pause there: look around, then go on or end
  strata run . --from fixed                     go on from what strata shell --keep fixed left
  strata run . --bind /run/opengl-driver/lib    with a path of this machine in the sandbox
`;

export const DIFF_EXAMPLES = `
Examples:
  strata diff last:installPhase                 what installPhase changed in the newest run
  strata diff last:unpackPhase last:buildPhase  all that happened from the one to the other
`;

export const CAT_EXAMPLES = `
Examples:
  strata cat last:configurePhase:/build/source/config.log
  strata cat last:installPhase:out/bin/hello    in an output, by its name
  strata cat k3x:/build/env-vars
`;

export const LOG_EXAMPLES = `
To a pipe or a file it prints every byte as the build did; on a terminal as strata run does. A phase that was
reused has the log of when it ran.

Examples:
  strata log last:buildPhase | less -R
  strata log last                               all phases of the newest run
`;

export const EXPLAIN_HELP = `
The phase is run again from the state before it, so that nothing before it is built twice. Of these runs nothing is
kept but what is printed. Needs strace, or as root what else traces system calls (strata trace --help).

Examples:
  strata explain               the last run
  strata explain k3x --json    another one, for programs
`;

export const LIBS_EXAMPLES = `
A path in a snapshot, or in an output by its name, is checked without running anything: what each ELF file there
would find, which libraries would be found if a directory were named, and search paths that lead nowhere or to
/build. What programs load with dlopen is not known then. Exit status 0, whatever is found.

The text of a file may be mixed with what programs print themselves, and tell of any number of processes. What glibc
before 2.43 does not say, why a file was not taken, is worked out from the snapshot for a run; of a file it is shown
as "not taken", in JSON as "unknown". In JSON a file that was checked has no pid, as nothing ran; it has kind, elf
and findings.

Static programs and those of musl say nothing. Where a phase was run with --trace ld --trace syscalls, the text
ends with the programs that were silent, and why; in JSON they have no place, as nothing was looked up.

Examples:
  strata libs last:fixupPhase:out               all programs and libraries of an output
  strata libs last:fixupPhase:out/bin --missing only what lacks, and why
  LD_DEBUG=libs LD_DEBUG_OUTPUT=/tmp/ld ./prog  writes /tmp/ld.PID for each process
  strata libs /tmp/ld.*                         who needs what, and where it was found
  strata run --trace ld --from checkPhase       traces a phase of a build, and those after it
  strata libs last:checkPhase --missing         what its programs looked for in vain
  strata libs --missing build.log               only what was looked for in vain
  strata libs --process python3 --json ld.*     for programs
`;

export const COMPARE_HELP = `
What is only in the first is marked −, only in the second +. Processes are matched by phase and program; times,
process ids and names of working files make no difference, and what differs by the hash of a store path alone is
counted apart: same name, another build. Of two runs files and variables are those after the last phase that both
have reached. Libraries need runs with --trace ld, files that only one side found --trace syscalls. The exit status
is 0 whether they differ or not.

In JSON libraries, accesses (of system calls), files, variables and log are null where they were not compared, and
notCompared says why; a difference of libraries has kind only-left, only-right, found-left, found-right, elsewhere,
other-build, other-origin, other-search, error-left or error-right, and search with both paths row by row.

Examples:
  strata compare k3x last                       an older run, and the newest
  strata compare k3x:checkPhase last:checkPhase one phase of each
  strata compare good/ bad/                     directories that LD_DEBUG_OUTPUT=good/ld and bad/ld filled
`;

export const SHELL_EXAMPLES = `
In the shell runPhase and the functions of the build are there: runPhase installPhase.
A command runs with the options of the build, as a rule set -e -o pipefail: what would end a phase ends
it too. Its exit status is that of strata.

Examples:
  strata shell last:installPhase                look around where it failed
  strata shell last:installPhase --keep fixed   then: strata run --from fixed
  strata shell last:buildPhase -- make check    one command
`;

export const NIX_SHELL_HELP = `
In the shell: runPhase NAME runs a phase as the build does, in a shell of its own that its first error
ends; runPhases runs all that are left, up to the first that fails; phases lists them.

The outputs are directories beside the sources, not store paths, so that installPhase can write there.
What differs from a build is said in two lines at the top. Another nix-shell of the same target goes on
in the same directory.

Examples:
  strata nix-shell                              ./default.nix
  strata nix-shell . -A hello --pure            without your own PATH and variables
  strata nix-shell . -- runPhases               all phases, then end
  strata nix-shell . --fresh -- 'runPhase unpackPhase && ls'
`;

export const TRACE_HELP = `
Record without root, and so that nothing has to be guessed:
  strace --seccomp-bpf -f --decode-pids=pidns -ttt -y \\
    -e trace=%file,%process,%network,mmap,fchdir,close -o trace.txt COMMAND

A phase is watched with strace, or where that is missing with what else is there and may: bpftrace as root, sysdig as
root where its driver is loaded. bpftrace takes seconds to begin, in each phase, and cuts paths off after 199 bytes;
such a path ends in an ellipsis.

A .scap is read through the sysdig program. In JSON times are milliseconds, since timeOrigin; the
accesses of a process are places in the list of all accesses, parent is the id of a process.

Examples:
  strata run --trace syscalls --from checkPhase traces a phase of a build, and those after it
  strata run --trace syscalls --tracer bpftrace the same with bpftrace, as root
  strata run --trace syscalls --tracer sysdig   the same with sysdig, which keeps a .scap
  strata trace last:checkPhase                  what was missing in it, and for whom
  strata trace trace.txt                        what strace -o wrote
  strata trace trace.txt.*                      the files that strace -ff wrote
  strata trace capture.scap --json              for programs
`;

export const GC_NOTE = `
What another snapshot needs is never removed. What a person made is not either, as no build makes it
again: the states that strata shell --keep NAME left, and those of a failure gone on from with --hold,
marked ◆ by strata ls. With --kept they go like the others: by size after all of these, by age when old.
Without --older-than and --max-size nothing is removed: it says what could be freed.
`;
