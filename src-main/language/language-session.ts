/**
 * A front's language server. It knows the texts on the screen, not those on the disk; when it dies it is started once more
 * and told them again. A second death ends the session.
 */
import { pathToFileURL } from 'node:url';
import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { z } from '../protocol/schema.ts';
import { StrataError } from '../protocol/errors.ts';
import type { CallResult, LanguageItem } from '../protocol/methods.ts';
import { cancelled, wasAborted } from '../host/process.ts';
import { toCompletions, toDefinitions, toDiagnostics, toHover, toPosition } from './lsp-answers.ts';
import { ServerProcess } from './server-process.ts';

/** A place in a text, from 1. */
export interface TextPlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

interface Text {
  readonly version: number;
  readonly text: string;
}

export interface LanguageProgram {
  /** `nil` or `nixd`. */
  readonly name: string;
  /** Where the project is. */
  readonly root: string;
}

type Tell = (news: 'ready' | Extract<LanguageItem, { kind: 'diagnostics' }>) => void;

export class LanguageSession {
  readonly #program: LanguageProgram;
  readonly #tell: Tell;
  readonly #texts = new Map<string, Text>();
  #server: ServerProcess;
  /** Whether {@link #server} has answered and knows the texts. */
  #isReady = false;
  #over = false;
  /** Resolves when the session has ended: with null where {@link end} was called, else with why. */
  readonly ended: Promise<string | null>;

  /** Starts the server. @param tell called when the server answers, and with its diagnostics */
  constructor(program: LanguageProgram, tell: Tell) {
    this.#program = program;
    this.#tell = tell;
    this.#server = this.#start();
    this.ended = this.#live();
  }

  /** The text of a file as it is now; null when it is no longer edited. */
  setText(path: string, version: number, text: string | null): void {
    const known = this.#texts.has(path);
    if (text === null) this.#texts.delete(path);
    else this.#texts.set(path, { version, text });
    if (!this.#isReady) return;
    if (text === null) {
      if (known)
        this.#server.notify('textDocument/didClose', { textDocument: { uri: uriOf(path) } });
    } else if (known) {
      // The whole text: servers that take changes take this too.
      this.#server.notify('textDocument/didChange', {
        textDocument: { uri: uriOf(path), version },
        contentChanges: [{ text }],
      });
    } else {
      this.#open(path, { version, text });
    }
  }

  async completions(
    place: TextPlace,
    trigger: string | null,
    signal: AbortSignal,
  ): Promise<CallResult<'completions'>> {
    // CompletionTriggerKind: 1 by hand or by a word, 2 by a character.
    const context =
      trigger === null ? { triggerKind: 1 } : { triggerKind: 2, triggerCharacter: trigger };
    const answer = await this.#ask('textDocument/completion', place, { context }, signal);
    return this.#read('completions', toCompletions, answer);
  }

  async hover(place: TextPlace, signal: AbortSignal): Promise<CallResult<'hover'>> {
    return this.#read('hover', toHover, await this.#ask('textDocument/hover', place, {}, signal));
  }

  async definition(place: TextPlace, signal: AbortSignal): Promise<CallResult<'definition'>> {
    const answer = await this.#ask('textDocument/definition', place, {}, signal);
    return this.#read('definition', toDefinitions, answer);
  }

  /** Ends the server, and waits for its end. */
  async end(): Promise<void> {
    this.#over = true;
    await this.#server.end();
    await this.ended;
  }

  async #live(): Promise<string | null> {
    const first = await this.#server.ended;
    if (this.#wasEnded()) return null;
    this.#isReady = false;
    this.#server = this.#start();
    const second = await this.#server.ended;
    this.#isReady = false;
    if (this.#wasEnded()) return null;
    this.#over = true;
    return first === second ? second : `${second} (the first time: ${first})`;
  }

  /** A function, so that the compiler does not take the answer from before an await for the answer after it. */
  #wasEnded(): boolean {
    return this.#over;
  }

  #start(): ServerProcess {
    const { name, root } = this.#program;
    const server = new ServerProcess(name, root, (params) => {
      const diagnostics = toDiagnostics(params);
      if (diagnostics !== null) this.#tell(diagnostics);
    });
    server.ready.then(
      () => {
        if (server !== this.#server) return;
        this.#isReady = true;
        for (const [path, text] of this.#texts) this.#open(path, text);
        this.#tell('ready');
      },
      // Its end tells.
      () => undefined,
    );
    return server;
  }

  #open(path: string, { version, text }: Text): void {
    const textDocument = { uri: uriOf(path), languageId: 'nix', version, text };
    this.#server.notify('textDocument/didOpen', { textDocument });
  }

  async #ask(
    method: string,
    { path, line, column }: TextPlace,
    more: object,
    signal: AbortSignal,
  ): Promise<unknown> {
    const operation = `asking ${this.#program.name} for ${method}`;
    const textDocument = { uri: uriOf(path) };
    const position = toPosition(line, column);
    try {
      await this.#server.ready;
      return await this.#server.request(method, { textDocument, position, ...more }, signal);
    } catch (error) {
      if (wasAborted(signal)) throw cancelled(operation);
      const reason = error instanceof Error ? error.message : String(error);
      // A server's refusal is an answer to this question; anything else is its death, which the session tells.
      const isRefusal =
        error instanceof ResponseError && error.code !== ErrorCodes.PendingResponseRejected;
      const code = isRefusal ? 'environment' : 'cancelled';
      throw new StrataError({ code, operation, reason, cause: error });
    }
  }

  #read<T>(what: string, parse: (answer: unknown) => T, answer: unknown): T {
    try {
      return parse(answer);
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      throw new StrataError({
        code: 'format',
        operation: `reading the ${what} of ${this.#program.name}`,
        reason: z.prettifyError(error),
        cause: error,
      });
    }
  }
}

function uriOf(path: string): string {
  return pathToFileURL(path).href;
}
