/** The processes of a trace of system calls: a tree of which only what one sees is drawn, above what the chosen one missed. */
import { useMemo, useState } from 'react';
import type { SyscallsView } from '../../src-main/protocol/methods.ts';
import { CheckIcon, CrossIcon, LibraryIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { Row, RowList } from '../look/row-list.tsx';
import { EmptyState } from '../look/states.tsx';
import { ProcessOpener } from './process-opener.tsx';
import { missedFiles, syscallProcessRows, type SyscallProcessRow } from './syscall-process-rows.ts';

/** Rows that Page Up and Page Down pass over. */
const PAGE = 10;
/** Deeper ones are not moved in any further. */
const DEEPEST = 16;

export function SyscallProcesses({
  syscalls,
  words,
}: {
  readonly syscalls: SyscallsView;
  /** The filter. */
  readonly words: string;
}) {
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set());
  const [chosen, setChosen] = useState<number | null>(null);
  const rows = useMemo(
    () => syscallProcessRows(syscalls, closed, words),
    [syscalls, closed, words],
  );
  // Whoever opens it looks for what failed; what failed first is below what failed by it.
  const at = Math.max(
    0,
    chosen === null
      ? rows.findLastIndex(({ failed, misses }) => failed && misses > 0)
      : rows.findIndex(({ id }) => id === chosen),
  );
  const row = rows[at];
  const onOpen = (id: number, open: boolean) =>
    setClosed(new Set(open ? [...closed].filter((one) => one !== id) : [...closed, id]));
  if (row === undefined) {
    return (
      <EmptyState icon={<LibraryIcon />} title="No process">
        {words === '' ? null : 'Nothing is left by the filter.'}
      </EmptyState>
    );
  }
  return (
    <>
      <Tree
        rows={rows}
        at={at}
        onChoose={(index) => setChosen(rows[index]?.id ?? null)}
        onOpen={onOpen}
      />
      <Chosen row={row} missed={missedFiles(syscalls, row.id)} />
      {syscalls.moreProcesses === 0 ? null : (
        <p className="syscall-details">
          {syscalls.moreProcesses.toLocaleString('en')} more processes are not listed.
        </p>
      )}
    </>
  );
}

function Tree({
  rows,
  at,
  onChoose,
  onOpen,
}: {
  readonly rows: readonly SyscallProcessRow[];
  readonly at: number;
  readonly onChoose: (index: number) => void;
  readonly onOpen: (id: number, open: boolean) => void;
}) {
  return (
    <RowList
      role="tree"
      label="Processes"
      className="process-list syscall-processes"
      rowId="syscall-process"
      count={rows.length}
      at={at}
      onChoose={onChoose}
      page={PAGE}
      opening={{
        rowAt: (index) => rows[index],
        onOpen: (index, open) => onOpen(rows[index]?.id ?? -1, open),
      }}
    >
      {(index, frame) => {
        const row = rows[index];
        if (row === undefined) return null;
        const { id, level, pid, program, failed, result, took, misses, open } = row;
        return (
          <Row
            key={id}
            frame={frame}
            className={`process${failed ? ' process-failed' : ''}`}
            style={{
              paddingInlineStart: `${0.5 + Math.min(level - 1, DEEPEST) * 0.75}rem`,
            }}
            title={printable(program ?? '')}
            onDoubleClick={() => (open === null ? undefined : onOpen(id, !open))}
          >
            <ProcessOpener open={open} onOpen={() => onOpen(id, open !== true)} />
            {failed ? <CrossIcon /> : <CheckIcon />}
            <span className="process-name">
              {nameOf(program)} {pid === 0 ? '' : pid}
            </span>
            <span className="process-says">
              {[result, misses === 0 ? '' : `${misses.toLocaleString('en')} missing`, took]
                .filter((word) => word !== '')
                .join(', ')}
            </span>
          </Row>
        );
      }}
    </RowList>
  );
}

function nameOf(program: string | null): string {
  return printable(program?.split('/').at(-1) ?? 'a program not known');
}

function Chosen({
  row: { program, misses },
  missed,
}: {
  readonly row: SyscallProcessRow;
  readonly missed: readonly string[];
}) {
  const more = misses - missed.length;
  return (
    <div className="syscall-details" role="group" aria-label="Chosen process">
      <code>{printable(program ?? 'a program not known')}</code>
      <p>
        {misses === 0
          ? 'missed no file'
          : `missed ${misses === 1 ? '1 file' : `${misses.toLocaleString('en')} files`}`}
      </p>
      {missed.length === 0 ? null : (
        <ul>
          {missed.map((path) => (
            <li key={path}>
              <code>{printable(path)}</code>
            </li>
          ))}
          {more === 0 ? null : <li>and {more.toLocaleString('en')} more</li>}
        </ul>
      )}
    </div>
  );
}
