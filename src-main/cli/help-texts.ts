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

export const NIX_BUILD_EXAMPLES = `
The target is evaluated as strata run does, then built by nix-store --realise, which is what nix-build and nix build do.
strata nix-options says which settings this user may give.

With --hold the target's file stays as it is: a breakpoint is added to what it evaluates to, nixpkgs' breakpointHook where
its package set has one, and Strata's own otherwise. That makes it another derivation, so that what it depends on is
reused, but not its own outputs. A flake is evaluated with --impure, as one is that is not locked.

A build that waits at its failure, whoever put the breakpoint there, is entered with cntr, where it is installed, else by
the script that the hook prints, else with nsenter, through sudo or pkexec where that takes root. The script comes with the
target's package set and runs outside the build, so that you are asked before. It ends with Strata, however that ends.

Examples:
  strata nix-build . -A hello                    with a link result to it
  strata nix-build . -A hello --check            again, to see whether it gives the same
  strata nix-build . --option sandbox relaxed    where a derivation has __noChroot
  strata nix-build . --set doCheck=true          with its tests, without an edit
  strata nix-build . -A hello --hold             where it fails, Enter opens a shell there
  strata nix-build . --hold --enter-by nsenter   with the build's own tools, also where cntr is installed
`;

export const CONFIRM_HELP = `
Nix builds the run's derivation without caches for it; where its outputs are in the store, again (--check). Then every
file is compared, with the scratch paths replaced by the real ones; of modes only what Nix keeps counts. Exit status 0
where all is the same, 1 where something differs or Nix's build fails.

Examples:
  strata confirm                                the newest run
  strata confirm k3x --json                     another one, for programs
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
ends; runPhases runs all that are left, up to the first that fails; phases lists them, those that
succeeded (✓), failed (✗), or ran before one above them was run again (~). startAfresh removes what they
made, so that unpackPhase can run again.

The outputs are directories beside the sources, not store paths, so that installPhase can write there.
What differs from a build is said in two lines at the top. Another nix-shell of the same target goes on
in the same directory; a pure one has its own.

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

export const EXPORT_OCI_HELP = `
The layers are the inputs, the base and the phases; the last holds the state and Strata's own records. The same snapshot
gives the same bytes. What the sandbox shows of this host beside the inputs is left out where it is a directory, and the
podman command that is printed shows it from outside; --host-paths puts it in. Sockets are left out.

Examples:
  strata export oci last:installPhase failed        a directory, for podman run oci:failed
  strata export oci last:installPhase failed.tar    an archive, to hand over
  strata import oci failed.tar                      on the other machine
`;

export const IMPORT_OCI_HELP = `
Looking at the snapshots needs nothing else. A shell needs the inputs in the store: where they are missing Nix fetches or
builds them then, or --inputs puts them there as the image has them. Nobody signed those, so take them from people you
trust; a Nix daemon takes them from trusted users alone. What is here already is left as it is, and an import that was
stopped can be run again.

Examples:
  strata import oci failed.tar
  strata shell last:installPhase
  skopeo copy docker://registry/failed oci:failed && strata import oci failed
`;

export const CACHE_EXPORT_HELP = `
Targets are built by Nix, or fetched, and their closure is copied by nix copy; of a snapshot it is what its build was
given. An export that was stopped leaves a valid cache, and running it again completes it; several may write to one.
nix-store --generate-binary-cache-key NAME SECRET PUBLIC makes a key.

Examples:
  strata cache export . -A hello /srv/cache     what hello gives, with all it refers to
  strata cache export . --inputs /srv/cache     and what it is built from
  strata cache export last:buildPhase /srv/cache what that build stands on
`;

export const CACHE_ADD_HELP = `
The cache is noted in caches.json in $XDG_CONFIG_HOME/strata, and given to Nix with --option extra-substituters when inputs
are made present. A Nix daemon heeds that from trusted users, and from all where extra-trusted-substituters names the cache.
`;

export const MOUNT_HELP = `
Root gets a mount of the kernel's own; everybody else one by fuse-overlayfs, or where that is missing a copy of the files.
It lasts until strata umount, or the next start of the machine; the snapshot is not collected meanwhile. Inputs are not in
it: they are in the store.

Examples:
  strata mount last:installPhase /tmp/failed    then: ls /tmp/failed/build
  strata umount /tmp/failed
`;
