/** The builds by Nix that an engine's fronts hold: each lives as long as the stream that tells of it. */
import { randomBytes } from 'node:crypto';
import { StrataError } from '../protocol/errors.ts';
import type { NixHoldItem, NixHoldWish } from '../protocol/methods.ts';
import type { Engine } from './engine.ts';
import {
  shellCommandOf,
  type NixHoldEnd,
  type PausedAnswer,
  type PausedBuild,
} from './nix-hold.ts';
import { Wakeups } from './wakeups.ts';

interface Held {
  readonly paused: PausedBuild;
  readonly answer: (answer: PausedAnswer) => void;
}

/** Lines that go in one item. */
const MOST_LINES = 1000;

export class NixHolds {
  readonly #engine: Engine;
  readonly #held = new Map<string, Held>();
  readonly #closing = new AbortController();
  /** Those that go on; none rejects. */
  readonly #builds = new Set<Promise<unknown>>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Builds, and tells of it. The end of the signal is that of the build. */
  async *listen(wish: NixHoldWish, signal: AbortSignal): AsyncGenerator<NixHoldItem> {
    const items: NixHoldItem[] = [];
    const wakeups = new Wakeups();
    const state = { isDone: false };
    const tell = (item: NixHoldItem): void => {
      const last = items.at(-1);
      if (item.kind === 'log' && last?.kind === 'log' && last.lines.length < MOST_LINES) {
        last.lines.push(...item.lines);
      } else items.push(item);
      wakeups.wake();
    };
    const { target, attribute, enterBy, set, ...evaluation } = wish;
    const work = this.#engine
      .nixHold(
        {
          target: target === '' ? null : target,
          attribute: attribute === '' ? null : attribute,
          evaluation: { ...evaluation, changes: new Map(set) },
        },
        enterBy,
        {
          signal: AbortSignal.any([signal, this.#closing.signal]),
          onStep: (text) => tell({ kind: 'step', text }),
          onLine: (line) => tell({ kind: 'log', lines: [line] }),
          onPaused: async (paused, over) => this.#ask(paused, over, tell),
        },
      )
      .finally(() => {
        state.isDone = true;
        wakeups.wake();
      });
    // Its failure is told below; until then nobody waits for it.
    const settled: Promise<unknown> = work
      .catch(() => undefined)
      .finally(() => this.#builds.delete(settled));
    this.#builds.add(settled);
    for (;;) {
      const { count } = wakeups;
      const item = items.shift();
      if (item !== undefined) {
        yield item;
        continue;
      }
      if (state.isDone || signal.aborted) break;
      await wakeups.since(count, signal);
    }
    yield ended(await work);
  }

  /** Ends all and waits until they are gone. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#builds);
  }

  /** @throws StrataError `not-found` where it is not paused any more. */
  answer(hold: string, answer: PausedAnswer): void {
    this.#get(hold).answer(answer);
  }

  /**
   * What opens a shell in a paused build, on the terminal it is started in.
   *
   * @throws StrataError `not-found`, `environment` where no way leads into it.
   */
  shell(hold: string): { readonly command: readonly string[]; readonly title: string } {
    const { paused } = this.#get(hold);
    const what = paused.phase ?? paused.name ?? 'build';
    return { command: shellCommandOf(paused), title: `${what} (paused)` };
  }

  async #ask(
    paused: PausedBuild,
    over: AbortSignal,
    tell: (item: NixHoldItem) => void,
  ): Promise<PausedAnswer> {
    const hold = randomBytes(8).toString('hex');
    return new Promise<PausedAnswer>((resolve) => {
      this.#held.set(hold, { paused, answer: resolve });
      over.addEventListener('abort', () => resolve('end'), { once: true });
      const { name, phase, exitCode, directory, hindrance } = paused;
      const ways = paused.ways.map((way) => ({ name: way.name, command: [...way.command] }));
      tell({ kind: 'paused', hold, name, phase, exitCode, directory, ways, hindrance });
    }).finally(() => this.#held.delete(hold));
  }

  #get(hold: string): Held {
    const held = this.#held.get(hold);
    if (held !== undefined) return held;
    throw new StrataError({
      code: 'not-found',
      operation: 'looking for a paused build',
      reason: 'the build is not paused any more: it has ended, or is built again',
    });
  }
}

function ended(end: NixHoldEnd): NixHoldItem {
  switch (end.kind) {
    case 'succeeded':
      return { kind: 'ended', how: 'succeeded', outputs: [...end.outputs] };
    case 'failed':
      return { kind: 'ended', how: end.paused === null ? 'failed' : 'gone', outputs: [] };
    case 'ended':
      return { kind: 'ended', how: 'ended', outputs: [] };
  }
}
