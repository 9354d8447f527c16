/** The traced processes by program: a tree of which only what one sees is drawn, walked with the arrow keys. */
import type { KeyboardEvent } from 'react';
import { CheckIcon, ChevronDownIcon, ChevronRightIcon, CrossIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { processName } from './lookups.ts';
import { hasFailed, type ProcessRow } from './process-rows.ts';
import { useRowList } from './use-row-list.ts';

export function ProcessList({
  rows,
  at,
  onChoose,
  onOpen,
}: {
  readonly rows: readonly ProcessRow[];
  readonly at: number;
  readonly onChoose: (index: number) => void;
  /** Lists the processes of a program, or no more. */
  readonly onOpen: (key: string, open: boolean) => void;
}) {
  const { scroller, virtualizer, onKeyDown } = useRowList(rows.length, at, onChoose);
  const onTreeKey = (event: KeyboardEvent) => {
    const row = rows[at];
    const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (row?.kind === 'program' && isPlain && opens(event.key, row.open)) {
      event.preventDefault();
      onOpen(row.key, !row.open);
    } else if (row?.kind === 'process' && row.level === 2 && event.key === 'ArrowLeft') {
      event.preventDefault();
      onChoose(rows.findLastIndex((one, index) => index < at && one.kind === 'program'));
    } else onKeyDown(event);
  };
  return (
    <div
      className="process-list"
      ref={scroller}
      role="tree"
      aria-label="Processes"
      aria-activedescendant={`process-${at}`}
      tabIndex={0}
      onKeyDown={onTreeKey}
    >
      <div style={{ blockSize: `${virtualizer.getTotalSize()}px`, position: 'relative' }}>
        {virtualizer.getVirtualItems().map(({ index, start, size }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const { process, misses } = row.shown;
          const failed = row.kind === 'program' ? row.failed > 0 : hasFailed(row.shown);
          return (
            <div
              key={row.key}
              id={`process-${index}`}
              role="treeitem"
              aria-selected={index === at}
              aria-level={row.kind === 'program' ? 1 : row.level}
              {...(row.kind === 'program' ? { 'aria-expanded': row.open } : {})}
              className={`process process-level-${row.kind === 'program' ? 1 : row.level}${failed ? ' process-failed' : ''}`}
              style={{ blockSize: `${size}px`, transform: `translateY(${start}px)` }}
              title={printable(process.program ?? '')}
              onClick={() => onChoose(index)}
              onDoubleClick={() =>
                row.kind === 'program' ? onOpen(row.key, !row.open) : undefined
              }
            >
              {row.kind === 'program' ? (
                <span
                  className="process-opener"
                  aria-hidden="true"
                  onClick={() => onOpen(row.key, !row.open)}
                >
                  {row.open ? <ChevronDownIcon /> : <ChevronRightIcon />}
                </span>
              ) : null}
              {failed ? <CrossIcon /> : <CheckIcon />}
              <span className="process-name">
                {row.kind === 'process' && row.level === 2
                  ? `process ${process.pid}`
                  : printable(processName(process))}
              </span>
              <span className="process-says">
                {row.kind === 'program' ? programSays(row) : misses > 0 ? `${misses} missing` : ''}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function opens(key: string, open: boolean): boolean {
  return key === 'Enter' || key === (open ? 'ArrowLeft' : 'ArrowRight');
}

function programSays({ processes, failed }: Extract<ProcessRow, { kind: 'program' }>): string {
  const count = processes.length.toLocaleString('en');
  return failed === 0 ? `×${count}` : `${failed.toLocaleString('en')} of ${count} failed`;
}
