/** A program that reads bytes and writes others, such as a decompressor, as a part of a pipeline. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { engineMark } from './process.ts';

/**
 * What it writes is what can be read. Its failure is that of the reading, in its own words.
 *
 * @param program its path
 */
export function filterProgram(program: string, args: readonly string[]): Duplex {
  return Duplex.from((source: AsyncIterable<Uint8Array>) => through(program, args, source));
}

async function* through(
  program: string,
  args: readonly string[],
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const child = spawn(program, args, {
    env: { ...process.env, ...engineMark() },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const complaints: Buffer[] = [];
  child.stderr.on('data', (piece: Buffer) => complaints.push(piece));
  const end = once(child, 'close') as Promise<[number | null]>;
  // What it says itself is the reason where it does not read to the end.
  const fed = pipeline(source, child.stdin).catch((error: unknown) => error);
  try {
    for await (const piece of child.stdout) yield piece as Buffer;
    const [exitCode] = await end;
    if (exitCode !== 0) throw new Error(Buffer.concat(complaints).toString('utf8').trim());
    const failure = await fed;
    if (failure instanceof Error) throw failure;
  } finally {
    child.kill();
  }
}
