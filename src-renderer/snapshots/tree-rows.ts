/** The rows that a tree shows: what is open, in the order one wants, chains of directories with a single child in one row. */
import type { TreeNode } from './change-tree.ts';

export type TreeOrder = 'name' | 'size';

export interface TreeRow {
  readonly node: TreeNode;
  /** The names of a chain, the last that of the node itself: `src`, `lib`, `internal`. */
  readonly names: readonly string[];
  /** From 1. */
  readonly level: number;
  readonly isOpen: boolean;
  /** Its place among its siblings, from 1, and how many they are. */
  readonly place: number;
  readonly siblings: number;
}

/** The rows from top to bottom. `isOpen` is asked for directories with changes below them. */
export function treeRows(
  root: TreeNode,
  order: TreeOrder,
  isOpen: (node: TreeNode) => boolean,
): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  const sort = ordering(order);
  const visit = (parent: TreeNode, level: number): void => {
    const children = sort(parent);
    children.forEach((child, at) => {
      const { node, names } = chain(child);
      const opened = node.children.length > 0 && isOpen(node);
      rows.push({ node, names, level, isOpen: opened, place: at + 1, siblings: children.length });
      if (opened) visit(node, level + 1);
    });
  };
  visit(root, 1);
  return rows;
}

/** A directory that has not itself changed and only leads to one other directory is one row with it. */
function chain(first: TreeNode): { readonly node: TreeNode; readonly names: readonly string[] } {
  let node = first;
  const names = [node.name];
  for (;;) {
    const only = node.children.length === 1 ? node.children[0] : undefined;
    if (only === undefined || node.kind === 'M' || !only.isDirectory || only.kind !== node.kind)
      break;
    node = only;
    names.push(node.name);
  }
  return { node, names };
}

const sortedByName = new WeakMap<TreeNode, readonly TreeNode[]>();
const sortedBySize = new WeakMap<TreeNode, readonly TreeNode[]>();
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Children in order, directories first when by name; each directory is sorted once. */
function ordering(order: TreeOrder): (node: TreeNode) => readonly TreeNode[] {
  const known = order === 'name' ? sortedByName : sortedBySize;
  const compare = order === 'name' ? byName : bySize;
  return (node) => {
    const before = known.get(node);
    if (before !== undefined) return before;
    const sorted = node.children.toSorted(compare);
    known.set(node, sorted);
    return sorted;
  };
}

function byName(one: TreeNode, other: TreeNode): number {
  if (one.isDirectory !== other.isDirectory) return one.isDirectory ? -1 : 1;
  return collator.compare(one.name, other.name) || (one.name < other.name ? -1 : 1);
}

function bySize(one: TreeNode, other: TreeNode): number {
  return other.weight - one.weight || byName(one, other);
}

/** The directories to open at first: level by level, as long as no more than `most` rows come of it. */
export function openAtFirst(root: TreeNode, most: number): ReadonlySet<string> {
  const open = new Set<string>();
  let rows = root.children.length;
  let level: readonly TreeNode[] = root.children.map((child) => chain(child).node);
  while (level.length > 0) {
    const next: TreeNode[] = [];
    for (const node of level) {
      const count = node.children.length;
      if (count === 0 || rows + count > most) continue;
      rows += count;
      open.add(node.path);
      for (const child of node.children) next.push(chain(child).node);
    }
    level = next;
  }
  return open;
}

/** The directories that lead to a path, for opening them. */
export function pathsTo(path: string): readonly string[] {
  const paths: string[] = [];
  for (let slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
    paths.push(path.slice(0, slash));
  }
  return paths;
}
