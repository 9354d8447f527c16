/** The build by Nix that is on screen: begun here, taken up from the engine, or the log of an old one. */
import { create } from 'zustand';
import type {
  DerivationBuildView,
  NixBuildEvent,
  NixBuildWish,
  TransferView,
} from '../../src-main/protocol/methods.ts';
import type { WireError } from '../../src-main/protocol/wire.ts';
import { callEngine, listenEngine } from '../connection/connection.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { notify } from './notices.ts';
import { showPane } from './panes.ts';

export interface ShownBuild {
  /** Its id in the engine. */
  readonly id: string;
  /** The target, or the path of a log. */
  readonly title: string;
  readonly live: boolean;
  /** What was evaluated; null until it is known, and for the log of an old build. */
  readonly root: string | null;
  /** By store path, in the order in which Nix told of them. */
  readonly derivations: ReadonlyMap<string, DerivationBuildView>;
  readonly transfers: ReadonlyMap<string, TransferView>;
  readonly end: Extract<NixBuildEvent, { event: 'finished' | 'stopped' }> | null;
  /** Why it could not be followed. */
  readonly error: WireError | null;
}

export interface NixBuilds {
  readonly build: ShownBuild | null;
  /** The derivation whose log is shown; null for the one that failed, or that is built. */
  readonly chosen: string | null;
  /** Whether it is seen instead of the phases. */
  readonly shown: boolean;
}

export const useNixBuilds = create<NixBuilds>()(() => ({
  build: null,
  chosen: null,
  shown: false,
}));

/** Between two changes on screen (milliseconds): a large build tells of hundreds a second. */
const PAINT_MS = 100;

let following: AbortController | null = null;

/** Begins a build by Nix, and shows it. */
export async function startNixBuild(wish: NixBuildWish): Promise<void> {
  try {
    const { build } = await callEngine('startNixBuild', { wish });
    const attribute = wish.attribute === null ? '' : ` ${wish.attribute}`;
    void follow(build, `${wish.target}${attribute}`);
  } catch (error) {
    notify(errorParts(error));
  }
}

/** Shows the log of an old build: of a `.drv`, a path in the store, or a file. */
export async function openNixLog(path: string): Promise<void> {
  try {
    const { build } = await callEngine('openNixLog', { path });
    void follow(build, path);
  } catch (error) {
    notify(errorParts(error));
  }
}

/** A build that goes on in the engine and is not shown: that of this window before it was loaded anew. */
export async function takeUpNixBuild(): Promise<void> {
  try {
    const [newest] = await callEngine('nixBuilds', {});
    if (newest?.live === true && useNixBuilds.getState().build === null) {
      void follow(newest.build, newest.title, 'behind');
    }
  } catch (error) {
    if (!isCancelled(error)) notify(errorParts(error));
  }
}

export async function stopNixBuild(): Promise<void> {
  const { build } = useNixBuilds.getState();
  if (build?.live !== true) return;
  try {
    await callEngine('stopNixBuild', { build: build.id });
  } catch (error) {
    notify(errorParts(error));
  }
}

export function chooseDerivation(chosen: string): void {
  useNixBuilds.setState({ chosen });
}

/** Shows the builds by Nix, or with `false` the phases. */
export function showNixBuilds(shown: boolean): void {
  useNixBuilds.setState({ shown });
}

async function follow(id: string, title: string, where: 'before' | 'behind' = 'before') {
  following?.abort();
  const controller = new AbortController();
  following = controller;
  const state = newBuild(id, title);
  useNixBuilds.setState({ build: state, chosen: null, shown: where === 'before' });
  if (where === 'before') showPane('timeline');
  let build = state;
  const painting: { timer?: ReturnType<typeof setTimeout> | undefined } = {};
  const paint = (): void => {
    painting.timer = undefined;
    if (following === controller) useNixBuilds.setState({ build });
  };
  try {
    await listenEngine(
      'nixBuild',
      { build: id },
      (event) => {
        build = afterBuildEvent(build, event);
        painting.timer ??= setTimeout(paint, PAINT_MS);
      },
      controller.signal,
    );
  } catch (error) {
    if (isCancelled(error)) return;
    build = { ...build, error: errorParts(error) };
  }
  build = { ...build, live: false };
  clearTimeout(painting.timer);
  paint();
}

function newBuild(id: string, title: string): ShownBuild {
  return {
    id,
    title,
    live: true,
    root: null,
    derivations: new Map(),
    transfers: new Map(),
    end: null,
    error: null,
  };
}

/** What is known of a build after it told of something more. */
function afterBuildEvent(build: ShownBuild, event: NixBuildEvent): ShownBuild {
  switch (event.event) {
    case 'evaluated':
      return { ...build, root: event.derivation };
    case 'changed':
      return {
        ...build,
        derivations: new Map([
          ...build.derivations,
          ...event.derivations.map((one) => [one.derivation, one] as const),
        ]),
        transfers: new Map([
          ...build.transfers,
          ...event.transfers.map((one) => [one.path, one] as const),
        ]),
      };
    case 'finished':
    case 'stopped':
      return { ...build, end: event, live: false };
  }
}
