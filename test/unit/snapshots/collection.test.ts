import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  planCollection,
  withNeeds,
  type CollectableSnapshot,
} from '../../../src-main/snapshots/collection.ts';

/** Each may build on, and need, those before it. */
const snapshots: fc.Arbitrary<CollectableSnapshot[]> = fc
  .array(
    fc.record({
      parent: fc.option(fc.nat(), { nil: null }),
      needs: fc.array(fc.nat(), { maxLength: 2 }),
      bytes: fc.nat(1000),
      createdAt: fc.nat(100),
      used: fc.option(fc.nat(100), { nil: undefined }),
      removal: fc.constantFrom('free', 'last', 'never'),
    }),
    { maxLength: 15 },
  )
  .map((items) =>
    items.map(({ parent, needs, used, ...item }, index) => {
      const earlier = (number: number): string => `s${number % Math.max(index, 1)}`;
      return {
        ...item,
        name: `s${index}`,
        parent: parent === null || index === 0 ? null : earlier(parent),
        needs: index === 0 ? [] : needs.map(earlier),
        ...(used === undefined ? {} : { lastUsed: used }),
      };
    }),
  );
const goal = fc.record(
  { olderThanMs: fc.nat(100), maxBytes: fc.nat(10_000) },
  { requiredKeys: [] },
);

describe('planCollection', () => {
  it('never removes what a remaining snapshot needs or what is never to go, however early it is cut short', () => {
    fc.assert(
      fc.property(snapshots, goal, (all, wanted) => {
        const plan = planCollection(all, { ...wanted, now: 100 });
        expect(new Set(plan).size).toBe(plan.length);
        for (let done = 0; done <= plan.length; done += 1) {
          const gone = new Set(plan.slice(0, done));
          for (const { name, parent, needs, removal } of all) {
            if (gone.has(name)) expect(removal).not.toBe('never');
            else
              for (const needed of [parent, ...needs]) expect(gone.has(needed ?? '')).toBe(false);
          }
        }
      }),
    );
  });

  it('gets below the size where nothing forbids it, and removes no more than needed', () => {
    fc.assert(
      fc.property(snapshots, fc.nat(10_000), (all, maxBytes) => {
        const free = all.map((each): CollectableSnapshot => ({ ...each, removal: 'free' }));
        const plan = planCollection(free, { maxBytes, now: 100 });
        const bytesWithout = (names: readonly string[]): number =>
          free.reduce((sum, { name, bytes }) => sum + (names.includes(name) ? 0 : bytes), 0);
        expect(bytesWithout(plan)).toBeLessThanOrEqual(maxBytes);
        if (plan.length > 0) expect(bytesWithout(plan.slice(0, -1))).toBeGreaterThan(maxBytes);
      }),
    );
  });

  it('does not depend on the order of its input, and does nothing without a goal', () => {
    fc.assert(
      fc.property(snapshots, goal, (all, wanted) => {
        const plan = planCollection(all, { ...wanted, now: 100 });
        expect(planCollection(all.toReversed(), { ...wanted, now: 100 })).toStrictEqual(plan);
        expect(planCollection(all, { now: 100 })).toStrictEqual([]);
      }),
    );
  });

  it('keeps an old parent of a young child, and counts use as youth', () => {
    const base = { needs: [], bytes: 1, removal: 'free' } as const;
    const all: CollectableSnapshot[] = [
      { ...base, name: 'root', parent: null, createdAt: 0 },
      { ...base, name: 'young', parent: 'root', createdAt: 95 },
      { ...base, name: 'old', parent: 'root', createdAt: 10 },
      { ...base, name: 'used', parent: null, createdAt: 10, lastUsed: 99 },
    ];
    expect(planCollection(all, { olderThanMs: 50, now: 100 })).toStrictEqual(['old']);
    expect(planCollection(all, { olderThanMs: 2, now: 100 })).toStrictEqual([
      'old',
      'young',
      'root',
    ]);
  });

  it('lets go last of what is to go last, and by age only when that is old itself', () => {
    const base = { needs: [], bytes: 1, removal: 'free' } as const;
    const all: CollectableSnapshot[] = [
      { ...base, name: 'root', parent: null, createdAt: 0 },
      { ...base, name: 'by-hand', parent: 'root', createdAt: 10, removal: 'last' },
      { ...base, name: 'built', parent: 'root', createdAt: 90 },
    ];
    const plan = (goal: { olderThanMs?: number; maxBytes?: number }): readonly string[] =>
      planCollection(all, { ...goal, now: 100 });
    expect(plan({ maxBytes: 2 })).toStrictEqual(['built']);
    expect(plan({ maxBytes: 1 })).toStrictEqual(['built', 'by-hand']);
    expect(plan({ maxBytes: 0 })).toStrictEqual(['built', 'by-hand', 'root']);
    expect(plan({ olderThanMs: 50 })).toStrictEqual(['by-hand']);
    expect(plan({ olderThanMs: 95 })).toStrictEqual([]);
  });
});

test('what snapshots need is followed to the first', () => {
  const base = { bytes: 1, createdAt: 0, removal: 'free' } as const;
  const all: CollectableSnapshot[] = [
    { ...base, name: 'setup', parent: null, needs: [] },
    { ...base, name: 'build', parent: 'setup', needs: ['setup'] },
    { ...base, name: 'other', parent: 'setup', needs: [] },
    { ...base, name: 'kept', parent: 'build', needs: ['setup'] },
  ];
  expect([...withNeeds(['kept'], all)].toSorted()).toStrictEqual(['build', 'kept', 'setup']);
});
