/** The tree of changes on screen: only the rows one sees are drawn; one walks it with the keys. */
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { formatBytes } from '../../src-main/protocol/byte-size.ts';
import { byteGrowth } from '../look/byte-size.ts';
import { classNames } from '../look/class-names.ts';
import {
  ChevronDownIcon,
  ChevronRightIcon,
  FileIcon,
  FolderIcon,
  LinkIcon,
} from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { kindWord, typeWord } from './change-entry.ts';
import type { TreeNode } from './change-tree.ts';
import { KindCounts, KindSign } from './kind-sign.tsx';
import { shortStoreNames } from '../../src-main/protocol/store-name.ts';
import type { TreeRow } from './tree-rows.ts';

/** One letter is typed so soon after another to belong to it. */
const TYPING_MS = 700;

export interface ChangeTreeViewProps {
  readonly rows: readonly TreeRow[];
  /** Of the columns the changes came in. */
  readonly typeOf: (node: TreeNode) => string;
  /** Where a symbolic link leads. */
  readonly targetOf: (node: TreeNode) => string | null;
  /** The path that is shown beside the tree. */
  readonly selected: string | null;
  readonly onSelect: (node: TreeNode) => void;
  readonly onToggle: (nodes: readonly TreeNode[], open: boolean) => void;
}

export function ChangeTreeView({
  rows,
  typeOf,
  targetOf,
  selected,
  onSelect,
  onToggle,
}: ChangeTreeViewProps) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = useRowHeight(scroller);
  const [active, setActive] = useState<string | null>(selected);
  const found = active === null ? -1 : rows.findIndex(({ node }) => node.path === active);
  const at = found < 0 ? 0 : found;
  const typed = useRef({ text: '', at: 0 });

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    // The active row is named by the tree and must be there.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), at].sort((one, other) => one - other))].filter(
        (index) => index < range.count,
      ),
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);

  // Only a new selection brings its row into view, not the opening of a directory.
  const revealed = useRef<string | null>(null);
  useEffect(() => {
    if (selected === revealed.current) return;
    const index = rows.findIndex(({ node }) => node.path === selected);
    if (selected !== null && index < 0) return;
    revealed.current = selected;
    if (selected === null) return;
    setActive(selected);
    virtualizer.scrollToIndex(index, { align: 'auto' });
  }, [selected, virtualizer, rows]);

  const moveTo = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    const row = rows[next];
    if (row === undefined) return;
    setActive(row.node.path);
    virtualizer.scrollToIndex(next, { align: 'auto' });
    if (row.node.children.length === 0) onSelect(row.node);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[at];
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const canOpen = row.node.children.length > 0;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    switch (event.key) {
      case 'ArrowDown':
        moveTo(at + 1);
        break;
      case 'ArrowUp':
        moveTo(at - 1);
        break;
      case 'PageDown':
        moveTo(at + page);
        break;
      case 'PageUp':
        moveTo(at - page);
        break;
      case 'Home':
        moveTo(0);
        break;
      case 'End':
        moveTo(rows.length - 1);
        break;
      case 'ArrowRight':
        if (canOpen && !row.isOpen) onToggle([row.node], true);
        else if (canOpen) moveTo(at + 1);
        break;
      case 'ArrowLeft':
        if (row.isOpen) onToggle([row.node], false);
        else moveTo(parentIndex(rows, at));
        break;
      case '*':
        onToggle(siblings(rows, at), true);
        break;
      case 'Enter':
      case ' ':
        if (row.node.index >= 0) onSelect(row.node);
        if (canOpen) onToggle([row.node], !row.isOpen);
        break;
      default: {
        if (event.key.length !== 1) return;
        const isSame = event.timeStamp - typed.current.at < TYPING_MS;
        const text = (isSame ? typed.current.text : '') + event.key.toLowerCase();
        typed.current = { text, at: event.timeStamp };
        const next = typeAhead(rows, at, text);
        if (next >= 0) moveTo(next);
      }
    }
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      className="change-tree"
      role="tree"
      aria-label="Changed files"
      tabIndex={0}
      aria-activedescendant={rows.length === 0 ? undefined : `${id}-${at}`}
      onKeyDown={onKeyDown}
    >
      <div className="change-tree-probe" aria-hidden="true" />
      <div
        role="presentation"
        style={{ blockSize: virtualizer.getTotalSize(), position: 'relative' }}
      >
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          return row === undefined ? null : (
            <TreeItem
              key={row.node.path}
              id={`${id}-${index}`}
              row={row}
              type={typeOf(row.node)}
              target={targetOf(row.node)}
              top={start}
              active={index === at}
              selected={row.node.path === selected}
              onPress={() => {
                setActive(row.node.path);
                if (row.node.children.length > 0) onToggle([row.node], !row.isOpen);
                if (row.node.index >= 0) onSelect(row.node);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

function TreeItem({
  id,
  row: { node, names, level, isOpen, place, siblings },
  type,
  target,
  top,
  active,
  selected,
  onPress,
}: {
  readonly id: string;
  readonly row: TreeRow;
  readonly type: string;
  readonly target: string | null;
  readonly top: number;
  readonly active: boolean;
  readonly selected: boolean;
  readonly onPress: () => void;
}) {
  const canOpen = node.children.length > 0;
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={level}
      aria-setsize={siblings}
      aria-posinset={place}
      aria-expanded={canOpen ? isOpen : undefined}
      aria-selected={selected}
      aria-label={rowName(node, names, type, target)}
      className={classNames(
        'change-row',
        active && 'change-row-active',
        selected && 'change-row-selected',
      )}
      title={isShortened(node.path) ? printable(node.path) : undefined}
      style={{ transform: `translateY(${top}px)`, '--level': String(level) } as React.CSSProperties}
      onClick={onPress}
    >
      <span className="change-chevron">
        {canOpen ? isOpen ? <ChevronDownIcon /> : <ChevronRightIcon /> : null}
      </span>
      {type === 'd' || canOpen ? <FolderIcon /> : type === 'l' ? <LinkIcon /> : <FileIcon />}
      <span
        className={classNames(
          'change-name',
          node.kind !== null && `change-name-${kindWord(node.kind)}`,
        )}
      >
        {names.slice(0, -1).map((name, at) => (
          <span key={at} className="change-chain">
            {printable(shortStoreNames(name))}
            <span className="change-slash">/</span>
          </span>
        ))}
        {printable(shortStoreNames(names.at(-1) ?? ''))}
        {target === null ? null : (
          <span className="change-target" title={printable(target)}>
            {' '}
            → {printable(shortStoreNames(target))}
          </span>
        )}
      </span>
      {canOpen ? <KindCounts {...node} /> : null}
      <span className="change-size">{sizeText(node, type)}</span>
      {node.kind === null ? <span className="kind-sign" /> : <KindSign kind={node.kind} />}
    </div>
  );
}

function isShortened(path: string): boolean {
  return shortStoreNames(path) !== path;
}

/** Directories tell by how much they grew, files how large they are now (or were). */
function sizeText(node: TreeNode, type: string): string {
  if (node.children.length > 0) return node.growth === 0 ? '' : byteGrowth(node.growth);
  if (type !== 'f') return '';
  return node.kind === 'M' ? byteGrowth(node.growth) : formatBytes(node.weight);
}

/** `src/main.c, modified, +1.2 KiB`; `lib, 3 added, 1 removed`. */
function rowName(
  node: TreeNode,
  names: readonly string[],
  type: string,
  target: string | null,
): string {
  const parts = [printable(names.join('/'))];
  if (node.kind !== null) parts.push(kindWord(node.kind));
  if (target !== null) parts.push(`symbolic link to ${printable(target)}`);
  else if (type !== 'f' && type !== 'd') parts.push(typeWord(type));
  if (node.children.length > 0) {
    if (node.added > 0) parts.push(`${node.added} added`);
    if (node.modified > 0) parts.push(`${node.modified} modified`);
    if (node.removed > 0) parts.push(`${node.removed} removed`);
  }
  const size = sizeText(node, type);
  if (size !== '') parts.push(size);
  return parts.join(', ');
}

function parentIndex(rows: readonly TreeRow[], at: number): number {
  const level = rows[at]?.level ?? 1;
  for (let above = at - 1; above >= 0; above -= 1) {
    if ((rows[above]?.level ?? 1) < level) return above;
  }
  return at;
}

function siblings(rows: readonly TreeRow[], at: number): readonly TreeNode[] {
  const level = rows[at]?.level ?? 1;
  const nodes: TreeNode[] = [];
  const collect = (from: number, step: number) => {
    for (let index = from; (rows[index]?.level ?? 0) >= level; index += step) {
      const row = rows[index];
      if (row?.level === level && row.node.children.length > 0) nodes.push(row.node);
    }
  };
  collect(at, 1);
  collect(at - 1, -1);
  return nodes;
}

function typeAhead(rows: readonly TreeRow[], at: number, text: string): number {
  // Once more the same letter goes on to the next.
  const from = text.length === 1 ? at + 1 : at;
  for (let step = 0; step < rows.length; step += 1) {
    const index = (from + step) % rows.length;
    if (rows[index]?.names.at(-1)?.toLowerCase().startsWith(text) === true) return index;
  }
  return -1;
}

/** Rows are as high as the look has them, in pixels, whatever the size of type. */
function useRowHeight(scroller: React.RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(24);
  useEffect(() => {
    const probe = scroller.current?.querySelector('.change-tree-probe');
    if (probe === null || probe === undefined) return;
    const observer = new ResizeObserver(() =>
      setHeight(probe.getBoundingClientRect().height || 24),
    );
    observer.observe(probe);
    return () => observer.disconnect();
  }, [scroller]);
  return height;
}
