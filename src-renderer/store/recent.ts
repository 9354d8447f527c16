/** The targets opened of late, the newest first. */
import { create } from 'zustand';
import { z } from '../../src-main/protocol/schema.ts';
import { store, stored } from './stored.ts';

const recentSchema = z.array(
  z.object({ target: z.string(), attribute: z.string().nullable(), at: z.number() }),
);
export type RecentTarget = z.infer<typeof recentSchema>[number];

const key = 'recent';
const most = 12;

/** The targets opened of late, the newest first. */
export const useRecent = create<{ readonly targets: readonly RecentTarget[] }>()(() => ({
  targets: stored(key, recentSchema, []),
}));

/** Puts a target first. Opening the same again and again changes nothing. */
export function remember(target: string, attribute: string | null): void {
  const [first] = useRecent.getState().targets;
  if (first?.target === target && first.attribute === attribute) return;
  change((before) =>
    [
      { target, attribute, at: Date.now() },
      ...before.filter((one) => one.target !== target || one.attribute !== attribute),
    ].slice(0, most),
  );
}

/** Takes a target off the list. */
export function forget(target: RecentTarget): void {
  change((before) => before.filter((one) => one !== target));
}

function change(step: (before: readonly RecentTarget[]) => readonly RecentTarget[]): void {
  const targets = step(useRecent.getState().targets);
  useRecent.setState({ targets });
  store(key, targets);
}
