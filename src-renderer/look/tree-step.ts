/** What a key does in a tree beside walking its rows: opening and closing, and going to the row that one is below. */

/** A row of a tree, in which each stands below its own. */
export interface TreeRow {
  /** From 1. */
  readonly level: number;
  /** Null where nothing is below it. */
  readonly open: boolean | null;
}

export type TreeStep =
  { readonly kind: 'open'; readonly open: boolean } | { readonly kind: 'go'; readonly to: number };

/** Null where the key is none of these, or has nothing to do at this row. */
export function treeStep(
  key: string,
  at: number,
  rowAt: (index: number) => TreeRow | undefined,
): TreeStep | null {
  const row = rowAt(at);
  if (row === undefined) return null;
  const { level, open } = row;
  if (open !== null && (key === 'Enter' || key === (open ? 'ArrowLeft' : 'ArrowRight'))) {
    return { kind: 'open', open: !open };
  }
  if (key !== 'ArrowLeft' || level === 1) return null;
  let to = at - 1;
  while (to > 0 && (rowAt(to)?.level ?? 1) >= level) to -= 1;
  return { kind: 'go', to };
}
