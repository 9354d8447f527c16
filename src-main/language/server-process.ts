/** One process of a language server, spoken to in LSP over its standard streams (JSON-RPC through vscode-jsonrpc). */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { engineMark, killGroup } from '../host/process.ts';
import { checkInitialized } from './lsp-answers.ts';

/** How long a server may take to end when it is asked to (milliseconds). */
const PATIENCE_MS = 1000;
/** How long a server may take to answer `initialize`; it evaluates nothing for that (milliseconds). */
const BEGINNING_MS = 20_000;
/** Of its standard error so much is kept, for the words about its death (characters). */
const REMEMBERED = 2000;

const capabilities = {
  general: { positionEncodings: ['utf-16'] },
  textDocument: {
    completion: {
      completionItem: { snippetSupport: true, documentationFormat: ['markdown', 'plaintext'] },
    },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    definition: { linkSupport: true },
    publishDiagnostics: { versionSupport: true, tagSupport: { valueSet: [1] } },
  },
};

export class ServerProcess {
  /** Resolves when it has ended, however, with what can be said about why. */
  readonly ended: Promise<string>;
  /** Resolves when it has answered `initialize`; rejects where it ends before, or answers what is no answer. */
  readonly ready: Promise<void>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #connection: MessageConnection;
  /** Why we ended it ourselves: it did not speak LSP. */
  #fault: string | null = null;
  #stderr = '';

  /**
   * @param onDiagnostics gets the parameters of `textDocument/publishDiagnostics` as they come
   * @param beginningMs how long it may take to answer `initialize`
   */
  constructor(
    program: string,
    root: string,
    onDiagnostics: (params: unknown) => void,
    beginningMs = BEGINNING_MS,
  ) {
    const child = spawn(program, [], {
      cwd: root,
      env: { ...process.env, ...engineMark() },
      // A group of its own: it starts Nix, which ends with it.
      detached: true,
    });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-REMEMBERED);
    });
    // Writing to a server that has died; `ended` tells of its death.
    child.stdin.on('error', () => undefined);
    const connection = createMessageConnection(child.stdout, child.stdin);
    this.#connection = connection;
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => {
        connection.dispose();
        resolve(error.message);
      });
      child.once('close', (code, signal) => {
        connection.dispose();
        killGroup(child.pid);
        resolve(
          this.#fault ?? `it ended with ${signal ?? `exit status ${code}`}${this.#lastWords()}`,
        );
      });
    });
    connection.onError(([error]) => this.#breakOff(`it does not speak LSP: ${error.message}`));
    connection.onNotification('textDocument/publishDiagnostics', (params: unknown) => {
      try {
        onDiagnostics(params);
      } catch (error) {
        this.#breakOff(`its diagnostics are none: ${String(error)}`);
      }
    });
    // What servers ask of editors whatever these say they can: no settings, and no choice made.
    connection.onRequest('workspace/configuration', ({ items }: { items?: unknown[] }) =>
      (items ?? []).map(() => null),
    );
    for (const method of [
      'window/showMessageRequest',
      'window/workDoneProgress/create',
      'client/registerCapability',
    ]) {
      connection.onRequest(method, () => null);
    }
    connection.listen();
    this.ready = this.#initialize(root, beginningMs);
    // Whoever waits for it hears of it; that nobody waits is no fault.
    this.ready.catch(() => undefined);
  }

  /** Asks and gives the unvalidated answer. Rejects where the server says so, dies, or the signal fires. */
  async request(method: string, params: unknown, signal?: AbortSignal): Promise<unknown> {
    const source = new CancellationTokenSource();
    const cancel = (): void => source.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await this.#connection.sendRequest(method, params, source.token);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Tells. That the server is gone shows in {@link ended}. */
  notify(method: string, params?: unknown): void {
    const sent =
      params === undefined
        ? this.#connection.sendNotification(method)
        : this.#connection.sendNotification(method, params);
    sent.catch(() => undefined);
  }

  /** Asks it to end as LSP has it, and ends it where it does not. */
  async end(): Promise<void> {
    const leaving = async (): Promise<void> => {
      await this.request('shutdown', undefined).catch(() => undefined);
      this.notify('exit');
      await this.ended;
    };
    const inTime = await Promise.race([
      leaving().then(
        () => true,
        () => false,
      ),
      sleep(PATIENCE_MS, false),
    ]);
    if (!inTime) killGroup(this.#child.pid);
    await this.ended;
  }

  async #initialize(root: string, patience: number): Promise<void> {
    const late = setTimeout(
      () => this.#breakOff(`it gave no answer to initialize in ${patience / 1000} s`),
      patience,
    );
    const rootUri = pathToFileURL(root).href;
    try {
      const answer = await this.request('initialize', {
        processId: process.pid,
        clientInfo: { name: 'Strata' },
        rootUri,
        workspaceFolders: [{ uri: rootUri, name: basename(root) }],
        capabilities,
      });
      checkInitialized(answer);
    } catch (error) {
      this.#breakOff('it gives no answer to initialize that Strata understands');
      throw error;
    } finally {
      clearTimeout(late);
    }
    this.notify('initialized', {});
  }

  #breakOff(fault: string): void {
    this.#fault ??= fault;
    killGroup(this.#child.pid);
  }

  #lastWords(): string {
    const line = this.#stderr.trim().split('\n').at(-1) ?? '';
    return line === '' ? '' : `: ${line}`;
  }
}
