/**
 * The changes of two states as a tree of directories. A hundred thousand changes come as columns sorted by path; the tree is built
 * in one pass, and each directory knows what is below it.
 */
import type { Changes } from '../../src-main/protocol/methods.ts';
import { countedChanges } from './change-counts.ts';
import { changeKind, growth, type ChangeKind } from './change-entry.ts';

export interface TreeNode {
  /** The last part of the path; empty for the root. */
  readonly name: string;
  readonly path: string;
  /** The change of this very path, as an index into the columns; -1 for a directory that only leads to changes. */
  readonly index: number;
  /** Null where only what is below has changed. */
  readonly kind: ChangeKind | null;
  readonly isDirectory: boolean;
  readonly children: readonly TreeNode[];
  /** Changes here and below, as change-counts.ts counts them. */
  readonly added: number;
  readonly modified: number;
  readonly removed: number;
  /** By how many bytes this and all below has grown; negative where it has shrunk. */
  readonly growth: number;
  /** Bytes of all that was added, modified or removed, the larger of before and after: what one sorts by. */
  readonly weight: number;
}

type Building = { -readonly [Key in keyof Omit<TreeNode, 'children'>]: TreeNode[Key] } & {
  children: Building[];
};

/** The tree of the selected changes (all without `selected`), children in the order in which they come. */
export function buildTree(changes: Changes, selected?: Int32Array): TreeNode {
  const tree = new TreeBuilder(countedChanges(changes));
  const count = selected?.length ?? changes.paths.length;
  for (let at = 0; at < count; at += 1) {
    const index = selected === undefined ? at : (selected[at] ?? 0);
    tree.add(changes, index);
  }
  return tree.finish();
}

/**
 * Parents are found by their path, not by neighbourhood: sorted by bytes, `/a-b` and `/a.c` stand between `/a` and `/a/b`.
 */
class TreeBuilder {
  readonly #counted: Uint8Array;
  readonly #root = emptyNode('', '/');
  readonly #byPath = new Map<string, Building>([['', this.#root]]);
  /** Every node after its parent. */
  readonly #nodes: Building[] = [];
  readonly #parents: Building[] = [];
  /** Neighbours mostly share their parent. */
  #lastParent = this.#root;
  #lastParentPath = '';

  constructor(counted: Uint8Array) {
    this.#counted = counted;
  }

  add(changes: Changes, index: number): void {
    const path = changes.paths[index] ?? '';
    const kind = changeKind(changes.kinds[index]);
    const isDirectory = changes.types[index] === 'd';
    // Nothing lies below what is a file before and after, and most changes are such files.
    const node = isDirectory || kind === 'M' ? this.#node(path) : this.#attach(path);
    const size = changes.sizes[index] ?? -1;
    const oldSize = changes.oldSizes[index] ?? -1;
    node.index = index;
    node.kind = kind;
    node.isDirectory = isDirectory || node.children.length > 0;
    const count = this.#counted[index] ?? 0;
    node.added = kind === 'A' ? count : 0;
    node.modified = kind === 'M' ? count : 0;
    node.removed = kind === 'R' ? count : 0;
    if (isDirectory) return;
    node.growth = growth(size, oldSize);
    node.weight = Math.max(size, oldSize, 0);
  }

  finish(): TreeNode {
    for (let at = this.#nodes.length - 1; at >= 0; at -= 1) {
      const node = this.#nodes[at];
      const parent = this.#parents[at];
      if (node === undefined || parent === undefined) continue;
      parent.added += node.added;
      parent.modified += node.modified;
      parent.removed += node.removed;
      parent.growth += node.growth;
      parent.weight += node.weight;
    }
    return this.#root;
  }

  /** The node of a path, made with the directories that lead to it where there is none yet. */
  #node(path: string): Building {
    const existing = this.#byPath.get(path);
    if (existing !== undefined) return existing;
    const node = this.#attach(path);
    this.#byPath.set(path, node);
    return node;
  }

  #attach(path: string): Building {
    const slash = path.lastIndexOf('/');
    const parent = this.#parent(slash < 0 ? '' : path.slice(0, slash));
    const node = emptyNode(path.slice(slash + 1), path);
    parent.children.push(node);
    parent.isDirectory = true;
    this.#nodes.push(node);
    this.#parents.push(parent);
    return node;
  }

  #parent(path: string): Building {
    if (path === this.#lastParentPath) return this.#lastParent;
    const parent = this.#node(path);
    if (parent.index < 0) parent.isDirectory = true;
    this.#lastParent = parent;
    this.#lastParentPath = path;
    return parent;
  }
}

function emptyNode(name: string, path: string): Building {
  return {
    name,
    path,
    index: -1,
    kind: null,
    isDirectory: false,
    children: [],
    added: 0,
    modified: 0,
    removed: 0,
    growth: 0,
    weight: 0,
  };
}
