/** What the run bar says: what to build, and how. */
import { create } from 'zustand';
import { noWish, wishSchema, type Wish } from '../../src-main/protocol/methods.ts';
import { z } from '../../src-main/protocol/schema.ts';
import { remember } from './recent.ts';
import { clearSelection } from './selection.ts';
import { store, stored } from './stored.ts';

const key = 'wishes';
/** The settings of each target, by `target attribute`: what one needs for one package is wrong for the next. */
const wishesSchema = z.record(z.string(), wishSchema);
const mostRemembered = 40;

export interface WishState {
  readonly wish: Wish;
  /** Grows with each opening of a target, also of the same again. */
  readonly opened: number;
}

export const useWish = create<WishState>()(() => ({ wish: noWish, opened: 0 }));

/** Opens a target with the settings it had last. */
export function openTarget(target: string, attribute: string | null = null): void {
  const before = stored(key, wishesSchema, {})[wishKey(target, attribute)];
  useWish.setState(({ opened }) => ({
    wish: { ...noWish, ...before, target, attribute, from: null, until: null },
    opened: opened + 1,
  }));
  clearSelection();
  remember(target, attribute);
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
  const others = Object.entries(stored(key, wishesSchema, {}))
    .filter(([name]) => name !== wishKey(wish.target, wish.attribute))
    .slice(-mostRemembered);
  store(key, {
    ...Object.fromEntries(others),
    [wishKey(wish.target, wish.attribute)]: { ...wish, from: null, until: null },
  });
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
    wish.options.length
  );
}

function wishKey(target: string, attribute: string | null): string {
  return `${target} ${attribute ?? ''}`;
}
