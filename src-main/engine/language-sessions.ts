/** The language servers of an engine's fronts: each lives as long as its front listens. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { wasAborted } from '../host/process.ts';
import { missingTool } from '../host/requirements.ts';
import { LanguageSession } from '../language/language-session.ts';
import { StrataError } from '../protocol/errors.ts';
import type { LanguageItem } from '../protocol/methods.ts';
import { toolsOnPath } from './machine-facts.ts';
import { Wakeups } from './wakeups.ts';

export class LanguageSessions {
  readonly #sessions = new Map<string, LanguageSession>();

  /**
   * Starts a server for a file's project and tells what it tells, until the signal fires: then the server is ended.
   *
   * @throws StrataError `environment` where neither nil nor nixd is on PATH, or the server died twice
   */
  async *listen(
    file: string,
    path: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<LanguageItem> {
    const tools = await toolsOnPath(path);
    const server = (['nil', 'nixd'] as const).find((name) => tools.includes(name));
    if (server === undefined) throw missingTool('nil', 'looking for a language server');
    const root = await projectOf(file);
    if (wasAborted(signal)) return;
    const language = randomBytes(8).toString('hex');
    const news: LanguageItem[] = [];
    const wakeups = new Wakeups();
    const session = new LanguageSession({ name: server, root }, (item) => {
      news.push(item === 'ready' ? { kind: 'ready', language, server } : item);
      wakeups.wake();
    });
    this.#sessions.set(language, session);
    const over: { reason: string | null | undefined } = { reason: undefined };
    void session.ended.then((reason) => {
      over.reason = reason;
      wakeups.wake();
    });
    try {
      while (!wasAborted(signal)) {
        const { count } = wakeups;
        const item = news.shift();
        if (item !== undefined) yield item;
        else if (over.reason === undefined) await wakeups.since(count, signal);
        else if (over.reason === null) return;
        else throw diedTwice(server, over.reason);
      }
    } finally {
      this.#sessions.delete(language);
      await session.end();
    }
  }

  get(language: string): LanguageSession {
    const session = this.#sessions.get(language);
    if (session !== undefined) return session;
    throw new StrataError({
      code: 'not-found',
      operation: 'looking for a language server',
      reason: `there is no language session ${language}; it has ended`,
    });
  }

  /** Ends all. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((session) => session.end()));
  }
}

function diedTwice(server: string, reason: string): StrataError {
  return new StrataError({
    code: 'environment',
    operation: `running the language server ${server}`,
    reason: `it died twice: ${reason}`,
    advice: `try it in a terminal: ${server} --version`,
  });
}

/** The nearest directory around a file that has a flake; else the file's own. */
async function projectOf(file: string): Promise<string> {
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    if (await isReadable(join(directory, 'flake.nix'))) return directory;
    if (directory === dirname(directory)) return dirname(file);
  }
}

async function isReadable(file: string): Promise<boolean> {
  return access(file, constants.R_OK).then(
    () => true,
    () => false,
  );
}
