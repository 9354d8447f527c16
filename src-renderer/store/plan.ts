/** What a run would do: asked anew whenever the wish or the files change. */
import { create } from 'zustand';
import type { CallResult, Wish } from '../../src-main/protocol/methods.ts';
import type { WireError } from '../../src-main/protocol/wire.ts';
import { callEngine } from '../connection/connection.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { remember } from './recent.ts';
import { useWish } from './wish.ts';

export type Plan = CallResult<'plan'>;

export type PlanState =
  | { readonly kind: 'none' }
  /** `before` is the last plan of the same target, still good to look at. */
  | { readonly kind: 'asking'; readonly before: Plan | null }
  | { readonly kind: 'ready'; readonly plan: Plan }
  | { readonly kind: 'failed'; readonly error: WireError };

/** The plan of what is open, as far as it is known. */
export const usePlan = create<{ readonly state: PlanState }>()(() => ({
  state: { kind: 'none' },
}));

/** Someone who types in the run bar is not asked for each letter. */
const DELAY_MS = 250;

let asking: AbortController | null = null;
let askedFor: Wish | null = null;

/** Asks for the plan again: after a file was saved, a run ended, the connection came back. */
export function refreshPlan(): void {
  const { wish } = useWish.getState();
  asking?.abort();
  asking = null;
  if (wish.target === '') {
    askedFor = null;
    usePlan.setState({ state: { kind: 'none' } });
    return;
  }
  const controller = new AbortController();
  asking = controller;
  const sameTarget = askedFor?.target === wish.target && askedFor.attribute === wish.attribute;
  const delay = askedFor !== null && askedFor !== wish ? DELAY_MS : 0;
  askedFor = wish;
  const before = sameTarget ? shownPlan(usePlan.getState().state) : null;
  usePlan.setState({ state: { kind: 'asking', before } });
  setTimeout(() => void ask(wish, controller), delay);
}

/** The plan that can be shown in this state. */
export function shownPlan(state: PlanState): Plan | null {
  switch (state.kind) {
    case 'ready':
      return state.plan;
    case 'asking':
      return state.before;
    case 'none':
    case 'failed':
      return null;
  }
}

/** Whether another question has taken this one's place is asked of {@link asking}: a promise may settle after its abort. */
async function ask(wish: Wish, controller: AbortController): Promise<void> {
  if (asking !== controller) return;
  try {
    const plan = await callEngine('plan', { wish }, controller.signal);
    if (!isAsked(controller)) return;
    usePlan.setState({ state: { kind: 'ready', plan } });
    remember(wish.target, wish.attribute);
  } catch (error) {
    if (!isAsked(controller) || isCancelled(error)) return;
    // A lost connection is shown as such, and the plan is asked for again when it is back.
    const parts = errorParts(error);
    usePlan.setState({ state: { kind: 'failed', error: parts } });
    // One mends what does not evaluate; what is not there, or has to be told more closely, is not worth going back to.
    if (parts.code === 'nix' && parts.positions.length > 0) remember(wish.target, wish.attribute);
  }
}

function isAsked(controller: AbortController): boolean {
  return asking === controller;
}
