/** The frame of a list or tree of many rows, of which one is chosen: its rows' places, their names, and the keys. */
import type { ComponentProps, KeyboardEvent, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { treeStep, type TreeRow } from './tree-step.ts';
import { useRowList } from './use-row-list.ts';
import './row-list.css';

/** What a row has of its list, for {@link Row}. */
export type RowFrame = Pick<
  ComponentProps<'div'>,
  'id' | 'role' | 'aria-selected' | 'aria-level' | 'aria-expanded' | 'style' | 'onClick'
>;

export interface RowListProps {
  readonly role: 'listbox' | 'tree';
  /** The accessible name. */
  readonly label: string;
  readonly className: string;
  /** What the ids of the rows begin with. */
  readonly rowId: string;
  readonly count: number;
  /** The row that is chosen. */
  readonly at: number;
  readonly onChoose: (index: number) => void;
  /** Rows that Page Up and Page Down pass over; left out where the browser scrolls by them. */
  readonly page?: number;
  /** For a tree whose rows open and close. */
  readonly opening?: RowOpening;
  /** Draws a {@link Row}, with the frame that it is given. */
  readonly children: (index: number, frame: RowFrame) => ReactNode;
}

interface RowOpening {
  readonly rowAt: (index: number) => TreeRow | undefined;
  readonly onOpen: (index: number, open: boolean) => void;
}

export function RowList({
  role,
  label,
  className,
  rowId,
  count,
  at,
  onChoose,
  page,
  opening,
  children,
}: RowListProps) {
  const { scroller, virtualizer, onKeyDown } = useRowList(count, at, onChoose, page);
  const onTreeKey = (event: KeyboardEvent) => {
    const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey;
    const step = opening === undefined || !isPlain ? null : treeStep(event.key, at, opening.rowAt);
    if (step === null) {
      onKeyDown(event);
      return;
    }
    event.preventDefault();
    if (step.kind === 'go') onChoose(step.to);
    else opening?.onOpen(at, step.open);
  };
  return (
    <div
      className={classNames('row-list', className)}
      ref={scroller}
      role={role}
      aria-label={label}
      aria-activedescendant={`${rowId}-${at}`}
      tabIndex={0}
      onKeyDown={onTreeKey}
    >
      <div style={{ blockSize: `${virtualizer.getTotalSize()}px`, position: 'relative' }}>
        {virtualizer.getVirtualItems().map(({ index, start, size }) =>
          children(index, {
            id: `${rowId}-${index}`,
            role: role === 'tree' ? 'treeitem' : 'option',
            'aria-selected': index === at,
            ...openness(opening?.rowAt(index)),
            style: { blockSize: `${size}px`, transform: `translateY(${start}px)` },
            onClick: () => onChoose(index),
          }),
        )}
      </div>
    </div>
  );
}

export function Row({
  frame,
  className,
  style,
  ...rest
}: ComponentProps<'div'> & { readonly frame: RowFrame }) {
  return (
    <div
      {...frame}
      className={classNames('row-list-row', className)}
      style={{ ...frame.style, ...style }}
      {...rest}
    />
  );
}

function openness(row: TreeRow | undefined): Pick<RowFrame, 'aria-level' | 'aria-expanded'> {
  if (row === undefined) return {};
  const { level, open } = row;
  return open === null ? { 'aria-level': level } : { 'aria-level': level, 'aria-expanded': open };
}
