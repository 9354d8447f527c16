/** What fronts ask of the machine and of the program once: versions, tools of Nix authors, the examples. */
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dataDirectory, exampleCopies } from './example-copies.ts';
import { hookFile } from '../phases/hook-files.ts';
import { runTool } from '../host/process.ts';
import { programsOnPath } from '../host/programs.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';

/** Programs that something in the window cannot do without. */
const TOOLS = ['nixfmt', 'alejandra', 'nil', 'nixd', 'cntr'] as const;

/** Those that are on PATH. */
export async function toolsOnPath(path: string | undefined): Promise<string[]> {
  return programsOnPath(TOOLS, path);
}

/** The version of Nix; null where there is none. */
export async function nixVersion(signal: AbortSignal): Promise<string | null> {
  try {
    const { stdout } = await runTool({
      operation: 'asking Nix for its version',
      tool: 'nix',
      args: ['--version'],
      signal,
    });
    return /\d[\w.]*/.exec(stdout.toString('utf8'))?.[0] ?? null;
  } catch (error) {
    if (error instanceof StrataError && error.code !== 'cancelled') return null;
    throw error;
  }
}

export interface Example {
  readonly name: string;
  /** Its default.nix, which may be edited. */
  readonly path: string;
  /** What it shows, in a sentence. */
  readonly says: string;
}

/** The examples that are shipped, as copies to edit; what they say is the comment at the beginning of their files. */
export async function examples(version: string): Promise<Example[]> {
  const shipped = dirname(dirname(hookFile('hook.bash')));
  const copies = await exampleCopies(shipped, dataDirectory(process.env), version);
  const directory = join(copies, 'examples');
  const names = await readdir(directory).catch(() => []);
  const found = await Promise.all(
    names.toSorted().map(async (name) => {
      const path = join(directory, name, 'default.nix');
      try {
        return [{ name, path, says: firstSentence(await readFile(path, 'utf8')) }];
      } catch (error) {
        if (isSystemError(error)) return [];
        throw error;
      }
    }),
  );
  return found.flat();
}

function firstSentence(text: string): string {
  const comment = /^(?:#.*\n)*/.exec(text)?.[0] ?? '';
  const words = comment.replace(/^# ?/gm, '').replace(/\s+/g, ' ').trim();
  return /^.*?[.:](?= [A-Z]|$)/.exec(words)?.[0] ?? words;
}

/** A Nix expression in the layout of the formatter that is there, and which; null where none is. */
export async function formatNix(
  text: string,
  path: string | undefined,
  signal: AbortSignal,
): Promise<{ text: string | null; by: string | null }> {
  const tools = await toolsOnPath(path);
  const [tool] = (['nixfmt', 'alejandra'] as const).filter((name) => tools.includes(name));
  if (tool === undefined) return { text: null, by: null };
  const { stdout } = await runTool({
    operation: 'formatting the expression',
    tool,
    args: tool === 'alejandra' ? ['--quiet', '--quiet', '-'] : [],
    input: text,
    signal,
  });
  return { text: stdout.toString('utf8'), by: tool };
}
