/** The builds by Nix that the engine has: those begun here, those taken up from it, and logs of old ones. One is on screen. */
import { create } from 'zustand';
import type {
  CallResult,
  DerivationBuildView,
  NixBuildEvent,
  NixBuildWish,
  PausedBuildView,
  TransferView,
} from '../../src-main/protocol/methods.ts';
import type { WireError } from '../../src-main/protocol/wire.ts';
import { callEngine, listenEngine } from '../connection/connection.ts';
import { localError } from '../../src-main/protocol/wire-error.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { isLive, useJob } from './job.ts';
import { askBeforeLeaving, endsWithWindow } from './leaving.ts';
import { notify } from './notices.ts';
import { openPausedShell, showPane } from './panes.ts';

export interface ShownBuild {
  /** Its id in the engine. */
  readonly id: string;
  /** The target, or the path of a log. */
  readonly title: string;
  readonly live: boolean;
  /** `held`: with a breakpoint added to the target; `log`: of an old build. */
  readonly kind: 'build' | 'held' | 'log';
  /** When it was asked for (milliseconds since 1970). */
  readonly since: number;
  /** What was evaluated, and what that is without a breakpoint; null until it is known, and for the log of an old build. */
  readonly root: { readonly derivation: string; readonly plain: string } | null;
  /** What is no part of its log, as how a breakpoint was added. */
  readonly notes: readonly string[];
  /** By store path, in the order in which Nix told of them. */
  readonly derivations: ReadonlyMap<string, DerivationBuildView>;
  readonly transfers: ReadonlyMap<string, TransferView>;
  /** The failure that waits for an answer; null for none. */
  readonly paused: PausedBuildView | null;
  readonly end: Extract<NixBuildEvent, { event: 'finished' | 'stopped' }> | null;
  /** Why it could not be followed. */
  readonly error: WireError | null;
}

export interface NixBuilds {
  /** The newest first. */
  readonly builds: readonly ShownBuild[];
  /** The id of the one that is on screen; null for none. */
  readonly at: string | null;
  /** The derivation whose log is shown; null for the one that failed, or that is built. */
  readonly chosen: string | null;
  /** Whether builds by Nix are seen instead of the phases. */
  readonly shown: boolean;
}

export const useNixBuilds = create<NixBuilds>()(() => ({
  builds: [],
  at: null,
  chosen: null,
  shown: false,
}));

/** The build that is on screen, or would be; null for none. */
export function buildAt({ builds, at }: NixBuilds): ShownBuild | null {
  return builds.find(({ id }) => id === at) ?? null;
}

// What waits for an answer ends with the engine, and it may be an hour's work.
askBeforeLeaving(
  () => endsWithWindow() && useNixBuilds.getState().builds.some(({ paused }) => paused !== null),
);

/** Between two changes on screen (milliseconds): a large build tells of hundreds a second. */
const PAINT_MS = 100;

/** Ended ones that are listed: as many as the engine keeps. */
const MOST_ENDED = 20;

/** Those that the engine tells of, by id. */
const followed = new Map<string, AbortController>();

/** Begins a build by Nix, and shows it. A shell opens by itself in one that is to be held at its failure. */
export async function startNixBuild(wish: NixBuildWish): Promise<void> {
  try {
    const { build } = await callEngine('startNixBuild', { wish });
    const attribute = wish.attribute === null ? '' : ` ${wish.attribute}`;
    add({ ...newBuild(build, `${wish.target}${attribute}`, Date.now()), kind: kindOf(wish) });
    void follow(build, (paused) => {
      showNixBuild(build);
      if (wish.hold && paused.ways.length > 0) openPausedShell(paused.hold);
    });
    showNixBuild(build);
  } catch (error) {
    notify(errorParts(error));
  }
}

/** Shows the log of an old build: of a `.drv`, a path in the store, or a file. Gives why it could not; null where it could. */
export async function openNixLog(path: string): Promise<WireError | null> {
  try {
    const { build } = await callEngine('openNixLog', { path });
    add({ ...newBuild(build, path, Date.now()), kind: 'log' });
    showNixBuild(build);
    return null;
  } catch (error) {
    return errorParts(error);
  }
}

/** After a connection: the builds of the engine, ended ones too. One that waits for an answer comes to the front. */
export async function takeUpNixBuilds(): Promise<void> {
  try {
    const listed = await callEngine('nixBuilds', {});
    endLostNixBuilds();
    useNixBuilds.setState(({ builds, at, shown }) => {
      const taken = listed.map((one) => taking(one));
      // An engine that has restarted knows nothing of those that were here.
      const gone = builds.filter(
        ({ id, end, error }) =>
          (end !== null || error !== null) && !taken.some((one) => one.id === id),
      );
      const [newest] = taken;
      return {
        builds: [...taken, ...gone],
        at: at ?? newest?.id ?? null,
        shown: shown || (newest?.live === true && !isLive(useJob.getState().job)),
      };
    });
    for (const { build, live } of listed) {
      if (live) void follow(build, () => showNixBuild(build));
    }
    const { at } = useNixBuilds.getState();
    if (at !== null && listed.some(({ build }) => build === at)) void follow(at);
  } catch (error) {
    if (!isCancelled(error)) notify(errorParts(error));
  }
}

/** The engine has gone, and with it what it was building. What goes on after all is taken up again with the connection. */
export function endLostNixBuilds(): void {
  for (const controller of followed.values()) controller.abort();
  followed.clear();
  useNixBuilds.setState(({ builds }) => ({ builds: builds.map((build) => lost(build)) }));
}

function lost(build: ShownBuild): ShownBuild {
  if (!build.live) return build;
  const error = localError(
    'disconnected',
    'building with Nix',
    'the engine ended during this build',
    'what was built is in the store; build it once more for the rest',
  );
  return { ...build, live: false, paused: null, error: errorParts(error) };
}

function taking(one: CallResult<'nixBuilds'>[number]): ShownBuild {
  const { build, title, live, startedAt, wish } = one;
  return { ...newBuild(build, title, startedAt), live, kind: kindOf(wish) };
}

export async function stopNixBuild(build: string): Promise<void> {
  try {
    await callEngine('stopNixBuild', { build });
  } catch (error) {
    notify(errorParts(error));
  }
}

/** What is to become of a build that waits at its failure. */
export async function answerPausedBuild(hold: string, answer: 'end' | 'retry'): Promise<void> {
  try {
    await callEngine('answerPausedBuild', { hold, answer });
  } catch (error) {
    notify(errorParts(error));
  }
}

export function chooseDerivation(chosen: string): void {
  useNixBuilds.setState({ chosen });
}

/** Shows this build by Nix. */
export function showNixBuild(id: string): void {
  useNixBuilds.setState(({ at, chosen }) => ({
    at: id,
    chosen: at === id ? chosen : null,
    shown: true,
  }));
  showPane('timeline');
  void follow(id);
}

/** Shows the builds by Nix, or with `false` the phases. */
export function showNixBuilds(shown: boolean): void {
  useNixBuilds.setState({ shown });
}

function add(build: ShownBuild): void {
  useNixBuilds.setState(({ builds }) => ({
    builds: [build, ...builds.filter(({ live }, at) => live || at < MOST_ENDED)],
  }));
}

async function follow(id: string, onPaused: (paused: PausedBuildView) => void = () => undefined) {
  const known = useNixBuilds.getState().builds.find((one) => one.id === id);
  if (known === undefined || followed.has(id)) return;
  const controller = new AbortController();
  followed.set(id, controller);
  let build = fresh(known);
  const painting: { timer?: ReturnType<typeof setTimeout> | undefined } = {};
  const paint = (): void => {
    painting.timer = undefined;
    if (controller.signal.aborted) return;
    useNixBuilds.setState((state) => ({
      builds: state.builds.map((one) => (one.id === id ? build : one)),
    }));
  };
  try {
    await listenEngine(
      'nixBuild',
      { build: id },
      (event) => {
        build = afterBuildEvent(build, event);
        if (event.event === 'paused' && event.paused !== null) onPaused(event.paused);
        painting.timer ??= setTimeout(paint, PAINT_MS);
      },
      controller.signal,
    );
  } catch (error) {
    if (isCancelled(error)) return;
    build = { ...build, error: errorParts(error) };
  }
  build = { ...build, live: false, paused: null };
  clearTimeout(painting.timer);
  paint();
}

/** @param wish null for the log of an old build */
function kindOf(wish: NixBuildWish | null): ShownBuild['kind'] {
  if (wish === null) return 'log';
  return wish.hold ? 'held' : 'build';
}

function newBuild(id: string, title: string, since: number): ShownBuild {
  return {
    id,
    title,
    live: true,
    kind: 'build',
    since,
    root: null,
    notes: [],
    derivations: new Map(),
    transfers: new Map(),
    paused: null,
    end: null,
    error: null,
  };
}

/** The build as it was before anything was told of it. */
function fresh({ id, title, since, kind }: ShownBuild): ShownBuild {
  return { ...newBuild(id, title, since), kind };
}

/** What is known of a build after it told of something more. */
function afterBuildEvent(build: ShownBuild, event: NixBuildEvent): ShownBuild {
  switch (event.event) {
    case 'evaluated':
      return { ...build, root: { derivation: event.derivation, plain: event.plain } };
    case 'note':
      return { ...build, notes: [...build.notes, event.text] };
    case 'paused':
      return { ...build, paused: event.paused };
    case 'again':
      return fresh(build);
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
      return { ...build, end: event, live: false, paused: null };
  }
}
