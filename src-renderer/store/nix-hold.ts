/** A build by Nix that is held where it fails. It lives as long as this window listens to it. */
import { create } from 'zustand';
import type { NixHoldItem, NixHoldWish } from '../../src-main/protocol/methods.ts';
import type { WireError } from '../../src-main/protocol/wire.ts';
import { callEngine, listenEngine } from '../connection/connection.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { askBeforeLeaving } from './leaving.ts';
import { showNixBuilds } from './nix-builds.ts';
import { notify } from './notices.ts';
import { openPausedShell, showPane } from './panes.ts';

export interface NixHold {
  readonly title: string;
  readonly live: boolean;
  readonly step: string;
  /** The last of what was printed, with its colours. */
  readonly lines: readonly string[];
  readonly paused: Extract<NixHoldItem, { kind: 'paused' }> | null;
  readonly end: Extract<NixHoldItem, { kind: 'ended' }> | null;
  readonly error: WireError | null;
}

export const useNixHold = create<{ readonly hold: NixHold | null }>()(() => ({ hold: null }));

const MOST_LINES = 20_000;
const PAINT_MS = 100;

let listening: AbortController | null = null;

// With the window goes the build, and a paused one may be an hour's work.
askBeforeLeaving(() => useNixHold.getState().hold?.live === true);

/** Builds, and holds the build at its failure; a shell opens in it by itself. Ends one that was held before. */
export async function startNixHold(wish: NixHoldWish): Promise<void> {
  listening?.abort();
  const controller = new AbortController();
  listening = controller;
  const lines: string[] = [];
  let hold: NixHold = {
    title: `${wish.target}${wish.attribute === null ? '' : ` ${wish.attribute}`}`,
    live: true,
    step: 'Beginning',
    lines,
    paused: null,
    end: null,
    error: null,
  };
  const painting: { timer?: ReturnType<typeof setTimeout> | undefined } = {};
  const paint = (): void => {
    painting.timer = undefined;
    if (listening === controller) useNixHold.setState({ hold: { ...hold, lines: [...lines] } });
  };
  paint();
  showNixBuilds(true);
  showPane('timeline');
  try {
    await listenEngine(
      'nixHold',
      { wish },
      (item) => {
        if (item.kind === 'log') {
          lines.push(...item.lines);
          if (lines.length > MOST_LINES) lines.splice(0, lines.length - MOST_LINES);
        } else hold = afterHoldItem(hold, item);
        if (item.kind === 'paused' && item.ways.length > 0) openPausedShell(item.hold);
        painting.timer ??= setTimeout(paint, PAINT_MS);
      },
      controller.signal,
    );
  } catch (error) {
    if (!isCancelled(error)) hold = { ...hold, error: errorParts(error) };
  }
  hold = { ...hold, live: false, paused: null };
  clearTimeout(painting.timer);
  paint();
}

function afterHoldItem(hold: NixHold, item: Exclude<NixHoldItem, { kind: 'log' }>): NixHold {
  switch (item.kind) {
    case 'step':
      return { ...hold, step: item.text, paused: null };
    case 'paused':
      return { ...hold, paused: item };
    case 'ended':
      return { ...hold, end: item, paused: null };
  }
}

/** What is to become of the paused build. */
export async function answerNixHold(answer: 'end' | 'retry'): Promise<void> {
  const { hold } = useNixHold.getState();
  if (hold?.paused === null || hold?.paused === undefined) return;
  try {
    await callEngine('nixHoldAnswer', { hold: hold.paused.hold, answer });
    useNixHold.setState({ hold: { ...hold, paused: null } });
  } catch (error) {
    notify(errorParts(error));
  }
}

/** Ends the build, and takes it off the screen. */
export function closeNixHold(): void {
  listening?.abort();
  listening = null;
  useNixHold.setState({ hold: null });
}
