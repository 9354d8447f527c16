/** What the run bar says: what to build, and how. */
import { create } from 'zustand';
import { noWish, wishSchema, type Wish } from '../../src-main/protocol/methods.ts';
import { z } from '../../src-main/protocol/schema.ts';
import { clearSelection } from './selection.ts';
import { store, stored } from './stored.ts';

const key = 'wishes';
/** What is stored, before it is known whether this window understands it. */
const entriesSchema = z.record(z.string(), z.unknown());
const mostRemembered = 40;

export interface WishState {
  readonly wish: Wish;
  /** Grows with each opening of a target, also of the same again. */
  readonly opened: number;
}

/** What the run bar says, and how often a target was opened. */
export const useWish = create<WishState>()(() => ({ wish: noWish, opened: 0 }));

/** Opens a target with the settings it had last. */
export function openTarget(target: string, attribute: string | null = null): void {
  const before = rememberedWishes()[wishKey(target, attribute)];
  const settings = before === undefined ? noWish : withoutContradiction(before);
  useWish.setState(({ opened }) => ({
    wish: { ...settings, target, attribute, from: null, until: null },
    opened: opened + 1,
  }));
  clearSelection();
}

/** Back to the welcome view. */
export function closeTarget(): void {
  useWish.setState({ wish: noWish });
  clearSelection();
}

/** Changes some of the settings. */
export function setWish(change: Partial<Wish>): void {
  const wish = { ...useWish.getState().wish, ...change };
  useWish.setState({ wish });
  const others = Object.entries(rememberedWishes())
    .filter(([name]) => name !== wishKey(wish.target, wish.attribute))
    .slice(-mostRemembered);
  store(key, {
    ...Object.fromEntries(others),
    [wishKey(wish.target, wish.attribute)]: { ...wish, from: null, until: null },
  });
}

/** The settings of each target, by `target attribute`: what one needs for one package is wrong for the next. */
function rememberedWishes(): Readonly<Record<string, Wish>> {
  // Each for itself: one that an older or newer window stored in a way of its own costs only its own target's settings.
  return Object.fromEntries(
    Object.entries(stored(key, entriesSchema, {})).flatMap(([name, entry]) => {
      const { data } = wishSchema.safeParse(entry);
      return data === undefined ? [] : [[name, data]];
    }),
  );
}

/*
 * What the sandbox shows of the host is one choice in three settings: strict shows what Nix itself would, relaxed that and the
 * network or the host paths that are named, off the whole host, to which neither adds anything. The engine refuses or relaxes
 * what contradicts itself; here nothing does.
 */

/** The wish with another sandbox. Strict and off leave no room for the network and host paths of the relaxed one. */
export function withSandbox(wish: Wish, sandbox: Wish['sandbox']): Wish {
  return sandbox === 'relaxed'
    ? { ...wish, sandbox }
    : { ...wish, sandbox, network: false, binds: [] };
}

/** The wish with or without the network. A strict sandbox is relaxed for it; one that is off has the host's in any case. */
export function withNetwork(wish: Wish, network: boolean): Wish {
  return relaxedFor(wish, { network }, network);
}

/** The wish with these host paths. A strict sandbox is relaxed for them; one that is off shows all in any case. */
export function withBinds(wish: Wish, binds: readonly string[]): Wish {
  return relaxedFor(wish, { binds: [...binds] }, binds.length > 0);
}

/** The wish with or without one kind of trace. */
export function withTrace(wish: Wish, kind: Wish['trace'][number], traced: boolean): Wish {
  const others = wish.trace.filter((one) => one !== kind);
  return { ...wish, trace: traced ? [...others, kind] : others };
}

function relaxedFor(wish: Wish, change: Partial<Wish>, adds: boolean): Wish {
  if (wish.sandbox === 'off') return wish;
  const changed = { ...wish, ...change };
  // A relaxed sandbox that shows nothing more is strict, and would build everything again under another name.
  const isStrict = !adds && !changed.network && changed.binds.length === 0;
  return { ...changed, sandbox: adds ? 'relaxed' : isStrict ? 'strict' : wish.sandbox };
}

/** As the engine takes it: strict with something to relax it for is relaxed. */
function withoutContradiction(wish: Wish): Wish {
  const isRelaxed = wish.sandbox === 'strict' && (wish.network || wish.binds.length > 0);
  return withSandbox(wish, isRelaxed ? 'relaxed' : wish.sandbox);
}

export type BreakWhere = 'before' | 'after';

/** Whether a run of what is open pauses there. */
export function hasBreak(wish: Wish, where: BreakWhere, phase: string): boolean {
  return (where === 'before' ? wish.breakBefore : wish.breakAfter).includes(phase);
}

/** Sets a breakpoint, or takes it away. It counts from the next run on. */
export function toggleBreak(where: BreakWhere, phase: string): void {
  const { wish } = useWish.getState();
  const toggled = (phases: readonly string[]) =>
    phases.includes(phase) ? phases.filter((one) => one !== phase) : [...phases, phase];
  setWish(
    where === 'before'
      ? { breakBefore: toggled(wish.breakBefore) }
      : { breakAfter: toggled(wish.breakAfter) },
  );
}

/** The wish without breakpoints at phases that are no more: nobody could take those away. */
export function withBreaksAt(wish: Wish, phases: readonly string[]): Wish {
  const there = (phase: string) => phases.includes(phase);
  return {
    ...wish,
    breakBefore: wish.breakBefore.filter(there),
    breakAfter: wish.breakAfter.filter(there),
  };
}

/** How many settings differ from the default ones: what a badge says. */
export function knobCount(wish: Wish): number {
  return (
    [wish.network, wish.impure, wish.hold].filter(Boolean).length +
    wish.binds.length +
    wish.set.length +
    wish.args.length +
    wish.argstrs.length +
    wish.options.length +
    wish.trace.length
  );
}

function wishKey(target: string, attribute: string | null): string {
  return `${target} ${attribute ?? ''}`;
}
