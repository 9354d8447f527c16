/** The traced processes by program: a tree of which only what one sees is drawn, walked with the arrow keys. */
import { CheckIcon, CrossIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { Row, RowList } from '../look/row-list.tsx';
import type { TreeRow } from '../look/tree-step.ts';
import { processName } from './lookups.ts';
import { ProcessOpener } from './process-opener.tsx';
import { hasFailed, type ProcessRow } from './process-rows.ts';

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
  return (
    <RowList
      role="tree"
      label="Processes"
      className="process-list"
      rowId="process"
      count={rows.length}
      at={at}
      onChoose={onChoose}
      opening={{
        rowAt: (index) => treeRow(rows[index]),
        onOpen: (index, open) => onOpen(rows[index]?.key ?? '', open),
      }}
    >
      {(index, frame) => {
        const row = rows[index];
        if (row === undefined) return null;
        const { process, misses } = row.shown;
        const { level, open } = treeRow(row);
        const failed = row.kind === 'program' ? row.failed > 0 : hasFailed(row.shown);
        return (
          <Row
            key={row.key}
            frame={frame}
            className={`process process-level-${level}${failed ? ' process-failed' : ''}`}
            title={printable(process.program ?? '')}
            onDoubleClick={() => (open === null ? undefined : onOpen(row.key, !open))}
          >
            {open === null ? null : (
              <ProcessOpener open={open} onOpen={() => onOpen(row.key, !open)} />
            )}
            {failed ? <CrossIcon /> : <CheckIcon />}
            <span className="process-name">
              {level === 2 ? `process ${process.pid}` : printable(processName(process))}
            </span>
            <span className="process-says">
              {row.kind === 'program' ? programSays(row) : misses > 0 ? `${misses} missing` : ''}
            </span>
          </Row>
        );
      }}
    </RowList>
  );
}

function treeRow(row: ProcessRow): TreeRow;
function treeRow(row: ProcessRow | undefined): TreeRow | undefined;
function treeRow(row: ProcessRow | undefined): TreeRow | undefined {
  if (row === undefined) return undefined;
  return row.kind === 'program' ? { level: 1, open: row.open } : { level: row.level, open: null };
}

function programSays({ processes, failed }: Extract<ProcessRow, { kind: 'program' }>): string {
  const count = processes.length.toLocaleString('en');
  return failed === 0 ? `×${count}` : `${failed.toLocaleString('en')} of ${count} failed`;
}
