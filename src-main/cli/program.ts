/** The commands and their options. What a command does is loaded when it is called for: a start reads little. */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import package_ from '../../package.json' with { type: 'json' };
import type { ExitStatus, Front } from './front.ts';
import {
  CAT_EXAMPLES,
  COMPARE_HELP,
  CONFIRM_HELP,
  DIFF_EXAMPLES,
  EXPLAIN_HELP,
  FOOTER,
  GC_NOTE,
  LIBS_EXAMPLES,
  LOG_EXAMPLES,
  NIX_BUILD_EXAMPLES,
  NIX_SHELL_HELP,
  RUN_EXAMPLES,
  SHELL_EXAMPLES,
  SNAPSHOT_HELP,
  TRACE_HELP,
} from './help-texts.ts';
import {
  SET_HELP,
  TARGET_HELP,
  addBuildOptions,
  addEvaluationOptions,
  addNixBuildOptions,
  appended,
  buildWish,
  nixBuildWish,
  setting,
  type BuildOptions,
  type NixBuildWords,
} from './options/build-options.ts';
import type { Tracer } from '../engine/types.ts';
import { addLeavingCommands } from './leaving-program.ts';
import { ldDebugCategories, traceWish, tracing, type TraceWish } from './options/tracing.ts';
import { parseSize } from './terminal/human-units.ts';

const HOUSEKEEPING = 'Housekeeping:';

/** @param perform starts a command; its result is the exit status */
export function commandLine(
  front: Front,
  perform: (command: () => Promise<ExitStatus>) => Promise<void>,
): Command {
  const program = new Command('strata')
    .description('Builds Nix derivations phase by phase, each phase in a layer of its own.')
    .version(package_.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpCommand(helpCommand())
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error:/, 'strata:')),
    })
    .configureHelp({ helpWidth: helpWidth() })
    .addHelpText('after', FOOTER)
    .showHelpAfterError(`(${front.strata} --help says what there is)`);

  program.commandsGroup('Building:');
  addBuildOptions(program.command('run'))
    .description('build phase by phase; reuse what has not changed')
    .optionsGroup('Output:')
    .option('-q, --quiet', "leave out the build's log")
    .option('--json', 'print events, one JSON object a line')
    .option(
      '--break-before <phase>',
      'pause before this phase: Enter goes on, q ends; repeatable',
      appended,
    )
    .option('--break-after <phase>', 'the same, after it', appended)
    .option(
      '--trace <what>',
      'ld: what the loader looks for (LD_DEBUG); syscalls: files and connections. Of all phases that run, or of some: ld:checkPhase; repeatable',
      traceWish,
    )
    .addOption(
      new Option(
        '--tracer <program>',
        'what --trace syscalls watches with; bpftrace needs root, sysdig its driver too (default: strace, or else what can)',
      ).choices(['strace', 'bpftrace', 'sysdig'] satisfies readonly Tracer[]),
    )
    .option(
      '--ld-debug <categories>',
      'what --trace ld asks for, such as libs or all',
      ldDebugCategories,
      'libs,files',
    )
    .option('--hold', 'keep a failed sandbox alive: enter it, then go on or end')
    .addOption(
      new Option(
        '--enter-by <program>',
        'what --hold says to enter it with; cntr needs root, and brings the tools of this machine',
      )
        .choices(['nsenter', 'cntr'])
        .default('nsenter'),
    )
    .addHelpText('after', RUN_EXAMPLES)
    .action((target: string | undefined, options: BuildOptions & RunFlags) =>
      perform(async () => {
        const wish = buildWish(target, options);
        const { run } = await import('./commands/run.ts');
        return run(front, wish, {
          format: format(options),
          log: options.quiet === true ? 'hidden' : 'shown',
          onFailure: options.hold === true ? 'hold' : 'end',
          enterBy: options.enterBy,
          breakBefore: options.breakBefore ?? [],
          breakAfter: options.breakAfter ?? [],
          tracing: tracing(options.trace ?? [], options.ldDebug ?? 'libs,files', options.tracer),
        });
      }),
    );
  addBuildOptions(program.command('plan'))
    .description('say what run would do with the same options, and why; runs nothing')
    .optionsGroup('Output:')
    .option('--json', 'print the plan as one JSON object')
    .action((target: string | undefined, options: BuildOptions & JsonFlag) =>
      perform(async () => {
        const wish = buildWish(target, options);
        const { plan } = await import('./commands/plan.ts');
        return plan(front, wish, format(options));
      }),
    );

  program.commandsGroup('Builds by Nix itself:');
  addEvaluationOptions(
    program
      .command('nix-shell')
      .description(
        "the derivation's environment outside the sandbox, its phases runnable one by one, in a directory that is kept",
      )
      .argument('[target]', TARGET_HELP)
      .argument(
        '[command...]',
        'behind --: a command with its arguments, or one word of shell code, instead of a terminal',
      )
      .option('-A, --attr <attr>', 'the attribute to build')
      .option('--pure', 'leave out your own variables and PATH')
      .option(
        '--directory <dir>',
        'where sources and outputs are kept (default: a place of its own)',
      )
      .option('--fresh', 'throw away what an earlier shell left there')
      .option('--set <name=value>', SET_HELP, setting),
  )
    .addHelpText('after', NIX_SHELL_HELP)
    .action(
      (
        target: string | undefined,
        command: string[],
        options: Omit<BuildOptions, 'reuse'> & NixShellFlags,
      ) =>
        perform(async () => {
          const wish = buildWish(target, { ...options, reuse: 'smart' });
          const { nixShell } = await import('./commands/nix-shell.ts');
          return nixShell(front, wish, {
            purity: options.pure === true ? 'pure' : 'impure',
            command,
            directory: options.directory === undefined ? null : resolve(options.directory),
            beginning: options.fresh === true ? 'fresh' : 'kept',
            phases: 'listed',
          });
        }),
    );

  addNixBuildOptions(program.command('nix-build'))
    .description('build with Nix, as nix-build does; tell of every derivation and phase')
    .optionsGroup('Output:')
    .option('-q, --quiet', 'leave out what builders print')
    .option('--json', 'print events, one JSON object a line')
    .addHelpText('after', NIX_BUILD_EXAMPLES)
    .action((target: string | undefined, options: NixBuildWords & RunFlags) =>
      perform(async () =>
        (await import('./commands/nix-build.ts')).nixBuild(front, nixBuildWish(target, options), {
          format: format(options),
          log: options.quiet === true ? 'hidden' : 'shown',
        }),
      ),
    );
  program
    .command('confirm')
    .description('build a run from scratch with Nix, and compare; takes the mark unconfirmed away')
    .argument('[run]', 'a run, or last', 'last')
    .option('--all', 'show all differences')
    .option('--json', 'print one JSON object')
    .addHelpText('after', CONFIRM_HELP)
    .action((run: string, options: JsonFlag & { readonly all?: boolean }) =>
      perform(async () =>
        (await import('./commands/confirm.ts')).confirm(front, {
          run,
          format: format(options),
          lists: options.all === true ? 'whole' : 'short',
        }),
      ),
    );
  program
    .command('nix-log')
    .description('the log of an old build, phase by phase; or what a recorded build came to')
    .argument(
      '<path>',
      'a .drv or a path in the store; or a file with what nix-build --log-format internal-json, or one builder, wrote',
    )
    .option('--phase <name>', 'only what this phase printed')
    .option('--derivation <name>', 'of a recorded build, what this derivation printed')
    .option('--json', 'print derivations and their phases as one JSON object, without lines')
    .action((path: string, options: NixLogFlags) =>
      perform(async () =>
        (await import('./commands/nix-log.ts')).nixLog(front, {
          words: path,
          phase: options.phase ?? null,
          derivation: options.derivation ?? null,
          format: format(options),
        }),
      ),
    );
  program
    .command('nix-options')
    .description('what the options of a build by Nix do, and which of them this user may use')
    .option('--json', 'print a JSON array')
    .action((options: JsonFlag) =>
      perform(async () =>
        (await import('./commands/nix-options.ts')).nixOptions(front, format(options)),
      ),
    );

  program.commandsGroup('Looking at snapshots:');
  program
    .command('ls')
    .description('list the snapshots, the newest first')
    .option('--json', 'print a JSON array of all snapshots')
    .action((options: JsonFlag) =>
      perform(async () => (await import('./commands/ls.ts')).ls(front, format(options))),
    );
  program
    .command('diff')
    .description('what a snapshot changed against its parent, or what differs from it to another')
    .argument('<snapshot>', SNAPSHOT_HELP)
    .argument('[other]', 'the snapshot to compare with')
    .option(
      '--json',
      'print a JSON array: sizes in bytes, modes as numbers, null where there is none',
    )
    .addHelpText('after', DIFF_EXAMPLES)
    .action((snapshot: string, other: string | undefined, options: JsonFlag) =>
      perform(async () =>
        (await import('./commands/diff.ts')).diff(front, snapshot, other ?? null, format(options)),
      ),
    );
  program
    .command('cat')
    .description('print a file of a snapshot')
    .argument(
      '<snapshot:path>',
      `the snapshot is ${SNAPSHOT_HELP}; the path begins at its root, or with the name of an output`,
    )
    .addHelpText('after', CAT_EXAMPLES)
    .action((words: string) => perform(async () => (await import('./commands/cat.ts')).cat(words)));
  program
    .command('log')
    .description('print what a phase printed; of a run, what all its phases did')
    .argument('<snapshot>', `${SNAPSHOT_HELP}; or RUN, or last`)
    .addHelpText('after', LOG_EXAMPLES)
    .action((reference: string) =>
      perform(async () => (await import('./commands/log.ts')).log(front, reference)),
    );
  program
    .command('shell')
    .description(
      "open a shell in a snapshot: same files, variables, functions and sandbox as the phase's",
    )
    .argument('<snapshot>', SNAPSHOT_HELP)
    .argument(
      '[command...]',
      'a command with its arguments, or one word of shell code, instead of a terminal',
    )
    .option(
      '--keep <name>',
      'keep what the shell changes as a snapshot of this name; otherwise it is thrown away',
    )
    .addHelpText('after', SHELL_EXAMPLES)
    .action((snapshot: string, command: string[], options: { readonly keep?: string }) =>
      perform(async () =>
        (await import('./commands/shell.ts')).shell(front, snapshot, options.keep ?? null, command),
      ),
    );

  program.commandsGroup('Looking for causes:');
  program
    .command('explain')
    .description(
      'why a phase failed: runs it again, traced, in its sandbox and outside, and tries what it lacked',
    )
    .argument('[run]', 'a run whose phase failed, or last', 'last')
    .option('--trials <number>', 'how many things to try out at most', wholeNumber, 5)
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXPLAIN_HELP)
    .action((run: string, options: JsonFlag & { readonly trials: number }) =>
      perform(async () =>
        (await import('./commands/explain.ts')).explain(front, {
          run,
          trials: options.trials,
          format: format(options),
        }),
      ),
    );
  program
    .command('libs')
    .description(
      'which libraries processes looked for, or files of a snapshot would, where, and what they found',
    )
    .argument(
      '[run|snapshot:path|file...]',
      'a traced run, RUN:PHASE or last; SNAPSHOT:PATH; or files with what ld.so printed with LD_DEBUG=libs',
    )
    .option('--process <p>', 'only the process of this id or program')
    .option('--missing', 'only what was not found, and what went wrong')
    .option('--json', 'print a JSON array of processes or files, with each file that was tried')
    .addHelpText('after', LIBS_EXAMPLES)
    .action((files: string[], options: LibsFlags) =>
      perform(async () =>
        (await import('./commands/libs.ts')).libs(front, {
          what: files,
          process: options.process ?? null,
          shown: options.missing === true ? 'missing' : 'all',
          format: format(options),
        }),
      ),
    );
  program
    .command('trace')
    .description(
      'what a trace of system calls tells: files missing, files read outside the store, connections tried',
    )
    .argument(
      '[run|file...]',
      'a traced run, RUN:PHASE or last; or strace text (all files of one -ff), what bpftrace wrote for a run, sysdig text, sysdig JSON or .scap',
    )
    .option('--all', 'leave nothing out of long lists')
    .option('--json', 'print one JSON object: processes, what they did, and what follows from it')
    .addHelpText('after', TRACE_HELP)
    .action((files: string[], options: JsonFlag & { readonly all?: boolean }) =>
      perform(async () =>
        (await import('./commands/trace.ts')).trace(front, files, {
          format: format(options),
          lists: options.all === true ? 'whole' : 'short',
        }),
      ),
    );
  program
    .command('compare')
    .description('two runs side by side: libraries that resolve differently, files, variables, log')
    .argument(
      '<a>',
      'a run, RUN:PHASE, last, a snapshot, or a file or directory with a trace of LD_DEBUG, strace or sysdig',
    )
    .argument('<b>', 'what it is compared with, likewise')
    .option('--all', 'leave nothing out of long lists, and show every search path')
    .option('--json', 'print one JSON object')
    .addHelpText('after', COMPARE_HELP)
    .action((a: string, b: string, options: JsonFlag & { readonly all?: boolean }) =>
      perform(async () =>
        (await import('./commands/compare.ts')).compare(front, [a, b], {
          format: format(options),
          lists: options.all === true ? 'whole' : 'short',
        }),
      ),
    );

  addLeavingCommands(program, front, perform);

  program.commandsGroup('The window:');
  program
    .command('serve')
    .description('serve the workbench to a browser on this machine; prints the address')
    .option('--port <n>', 'the port to listen on; any that is free where left out', portNumber)
    .option('--target <target>', 'what the window opens first')
    .action((options: { readonly port?: number; readonly target?: string }) =>
      perform(async () =>
        (await import('./commands/serve.ts')).serve(front, {
          port: options.port ?? null,
          target: options.target ?? null,
        }),
      ),
    );

  program.commandsGroup(HOUSEKEEPING);
  program
    .command('gc')
    .description('remove snapshots by age or size, and say what that frees')
    .option('--older-than <days>', 'remove what was not used for so many days', days)
    .option(
      '--max-size <size>',
      'remove the longest unused until the rest takes no more: 500M, 10G',
      size,
    )
    .option('--kept', 'let go of what shells kept too, after everything else')
    .option('--dry-run', 'only say what would be removed')
    .addHelpText('after', GC_NOTE)
    .action((options: GcOptions) =>
      perform(async () =>
        (await import('./commands/gc.ts')).gc(front, {
          olderThanDays: options.olderThan ?? null,
          maxBytes: options.maxSize ?? null,
          kept: options.kept === true ? 'go-last' : 'stay',
          dryRun: options.dryRun ?? false,
        }),
      ),
    );
  program
    .command('doctor')
    .description('say what this machine offers, and how to get what is missing')
    .option('--json', 'print the findings as a JSON array')
    .action((options: JsonFlag) =>
      perform(async () => (await import('./commands/doctor.ts')).doctor(front, format(options))),
    );
  return program;
}

function helpCommand(): Command {
  return new Command('help')
    .argument('[command]')
    .description('print the help of a command')
    .helpOption(false)
    .helpGroup(HOUSEKEEPING);
}

interface NixShellFlags {
  readonly pure?: boolean;
  readonly directory?: string;
  readonly fresh?: boolean;
}

interface JsonFlag {
  readonly json?: boolean;
}

interface RunFlags extends JsonFlag {
  readonly quiet?: boolean;
  readonly hold?: boolean;
  readonly enterBy: 'nsenter' | 'cntr';
  readonly breakBefore?: readonly string[];
  readonly breakAfter?: readonly string[];
  readonly trace?: readonly TraceWish[];
  readonly ldDebug?: string;
  readonly tracer?: Tracer;
}

interface NixLogFlags extends JsonFlag {
  readonly phase?: string;
  readonly derivation?: string;
}

interface LibsFlags extends JsonFlag {
  readonly process?: string;
  readonly missing?: boolean;
}

interface GcOptions {
  readonly olderThan?: number;
  readonly maxSize?: number;
  readonly kept?: boolean;
  readonly dryRun?: boolean;
}

function format({ json = false }: JsonFlag): 'text' | 'json' {
  return json ? 'json' : 'text';
}

function days(word: string): number {
  const number = Number(word);
  if (word.trim() !== '' && number >= 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('It takes a number of days.');
}

function wholeNumber(word: string): number {
  if (/^\d{1,3}$/.test(word)) return Number(word);
  throw new InvalidArgumentError('It takes a whole number up to 999.');
}

function portNumber(word: string): number {
  const number = Number(word);
  if (/^\d+$/.test(word) && number <= 65535) return number;
  throw new InvalidArgumentError('It takes a number from 0 to 65535.');
}

function size(word: string): number {
  const bytes = parseSize(word);
  if (bytes !== null) return bytes;
  throw new InvalidArgumentError('It takes a size such as 500M or 10G.');
}

/** Long lines of help are hard to read. */
function helpWidth(): number {
  return Math.min(process.stdout.columns || 100, 110);
}
