/** The entry of the command line. */
import { CommanderError, type Command } from 'commander';
import { isSystemError } from '../protocol/errors.ts';
import { exitStatusFor } from './exit-status.ts';
import { openFront, type ExitStatus, type Front } from './front.ts';
import { STOPPED } from './interruption.ts';
import { PAIR_OPTIONS } from './options/build-options.ts';
import { joinPairs } from './options/value-pairs.ts';
import { commandLine } from './program.ts';

const USAGE = 2;

process.exit(await main());

async function main(): Promise<ExitStatus> {
  const front = openFront();
  const reader = { isGone: false };
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (!isReaderGone(error)) throw error;
      reader.isGone = true;
    });
  }
  const status = await perform(front, reader);
  front.out.close();
  front.err.close();
  await Promise.all([process.stdout, process.stderr].map(flushed));
  return status;
}

/** A command and all below it: `export` has commands of its own. */
function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

async function perform(front: Front, reader: { readonly isGone: boolean }): Promise<ExitStatus> {
  let status: ExitStatus = 0;
  const program = commandLine(front, async (command) => {
    status = await command();
  });
  for (const command of withSubcommands(program)) command.exitOverride();
  const words = joinPairs(process.argv.slice(2), PAIR_OPTIONS);
  if (words.length === 0) {
    program.outputHelp({ error: true });
    return USAGE;
  }
  try {
    await program.parseAsync(words, { from: 'user' });
    return status;
  } catch (error) {
    // commander has printed the help that was asked for, or what is wrong with the words.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    if (isReaderGone(error)) return status;
    // A run stopped because nobody reads any more: then nobody is to be told.
    return reader.isGone ? exitStatusFor(error) : fail(front, error);
  }
}

/** `strata cat … | head`: the reader has what it wanted, and that is no failure. EIO is a terminal that was closed. */
function isReaderGone(error: unknown): boolean {
  return isSystemError(error) && (error.code === 'EPIPE' || error.code === 'EIO');
}

async function fail({ out, err, errStyle, strata }: Front, error: unknown): Promise<ExitStatus> {
  const status = exitStatusFor(error);
  out.close();
  if (status === STOPPED) {
    err.line('stopped; phases that finished in layers are kept');
    return status;
  }
  const { renderError } = await import('./render/render-error.ts');
  err.lines(renderError(error, strata, errStyle));
  return status;
}

/** What is written to a socket may still be on its way; the reader may also be gone. */
async function flushed(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.destroyed || stream.writableLength === 0) return;
  await new Promise<void>((resolve) => {
    stream.once('drain', resolve);
    stream.once('error', () => resolve());
    stream.once('close', resolve);
  });
}
