/** Which items of two lists belong together: those that are most alike first, and among equals in their order. */

/** What is in both lists, or in one of them. */
export type Pair<Item> =
  | { readonly kind: 'both'; readonly left: Item; readonly right: Item }
  | { readonly kind: 'left'; readonly left: Item }
  | { readonly kind: 'right'; readonly right: Item };

/**
 * In the order of the left list; what only the right one has stands after what it follows there. Time grows with the lists.
 *
 * @param likenesses what two items must have in common, the strictest first; what one leaves over is left to the next
 */
export function paired<Item>(
  left: readonly Item[],
  right: readonly Item[],
  likenesses: readonly ((item: Item) => string | number)[],
): readonly Pair<Item>[] {
  const rightOf = new Map<number, number>();
  const leftOf = new Map<number, number>();
  const match = (onLeft: number, onRight: number): void => {
    rightOf.set(onLeft, onRight);
    leftOf.set(onRight, onLeft);
  };
  const [strictest] = likenesses;
  if (strictest !== undefined) {
    // As a rule the two begin alike, which is seen without a table.
    for (const [at, item] of left.entries()) {
      const other = right[at];
      if (other === undefined || strictest(item) !== strictest(other)) break;
      match(at, at);
    }
  }
  for (const likeness of likenesses) {
    if (rightOf.size === left.length || leftOf.size === right.length) break;
    const waiting = placesBy(right, likeness, leftOf);
    for (const [at, item] of left.entries()) {
      if (rightOf.has(at)) continue;
      const partner = waiting.get(likeness(item))?.next().value;
      if (partner === undefined) continue;
      match(at, partner);
    }
  }
  const followers = unpartnered(right, leftOf);
  const followersOf = (at: number): readonly Pair<Item>[] =>
    (followers.get(at) ?? []).map((item) => ({ kind: 'right', right: item }));
  return [
    ...followersOf(-1),
    ...left.flatMap((item, at): readonly Pair<Item>[] => {
      const partner = right[rightOf.get(at) ?? -1];
      const pair: Pair<Item> =
        partner === undefined
          ? { kind: 'left', left: item }
          : { kind: 'both', left: item, right: partner };
      return [pair, ...followersOf(at)];
    }),
  ];
}

/** The places of the items that have no partner yet, to be taken one after another. */
function placesBy<Item>(
  items: readonly Item[],
  likeness: (item: Item) => string | number,
  partners: ReadonlyMap<number, number>,
): ReadonlyMap<string | number, Iterator<number, undefined>> {
  const places = new Map<string | number, number[]>();
  for (const [at, item] of items.entries()) {
    if (partners.has(at)) continue;
    const key = likeness(item);
    const same = places.get(key);
    if (same === undefined) places.set(key, [at]);
    else same.push(at);
  }
  return new Map(Array.from(places, ([key, all]) => [key, all.values()]));
}

/** Items of the right list that are alone, by the place in the left list of what they follow; -1 where that is its beginning. */
function unpartnered<Item>(
  right: readonly Item[],
  leftOf: ReadonlyMap<number, number>,
): ReadonlyMap<number, readonly Item[]> {
  const followers = new Map<number, Item[]>();
  let place = -1;
  for (const [at, item] of right.entries()) {
    const partner = leftOf.get(at);
    if (partner !== undefined) {
      place = partner;
      continue;
    }
    const known = followers.get(place);
    if (known === undefined) followers.set(place, [item]);
    else known.push(item);
  }
  return followers;
}
