/** What a trace of system calls tells, one kind of finding at a time: a list, filtered, above all of the chosen entry. */
import { useMemo, useState } from 'react';
import type { SyscallsView } from '../../src-main/protocol/methods.ts';
import { TextField } from '../look/fields.tsx';
import { LibraryIcon, SearchIcon } from '../look/icons.tsx';
import { PaneHeader } from '../look/pane.tsx';
import { Segmented } from '../look/segmented.tsx';
import { EmptyState } from '../look/states.tsx';
import { SyscallDetails, SyscallList } from './syscall-list.tsx';
import { SyscallProcesses } from './syscall-processes.tsx';
import { SyscallTimeline } from './syscall-timeline.tsx';
import { filteredRows, syscallRows, timelineLanes, type Subject } from './syscalls.ts';
import './syscalls.css';

const SUBJECTS: readonly {
  readonly value: Subject;
  readonly name: string;
  /** What its rows are. */
  readonly row: string;
}[] = [
  { value: 'missing', name: 'Missing', row: 'Missing files' },
  { value: 'elsewhere', name: 'Elsewhere', row: 'Missing here, found elsewhere' },
  { value: 'outside', name: 'Outside', row: 'Read outside the store' },
  { value: 'connections', name: 'Connections', row: 'Connections tried' },
];

export function TracedSyscalls({ syscalls }: { readonly syscalls: SyscallsView }) {
  const [subject, setSubject] = useState<Subject | 'processes'>('missing');
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState(0);
  const all = useMemo(
    () => SUBJECTS.map((one) => ({ ...one, rows: syscallRows(syscalls, one.value) })),
    [syscalls],
  );
  const { rows = [], row: rowName = '' } = all.find(({ value }) => value === subject) ?? {};
  const shown = useMemo(() => filteredRows(rows, words), [rows, words]);
  const timeline = useMemo(() => timelineLanes(syscalls.timeline), [syscalls]);
  const at = Math.min(chosen, Math.max(0, shown.length - 1));
  const row = shown[at];
  const isFiltered = shown.length < rows.length;
  const processes = syscalls.processes.pids.length + syscalls.moreProcesses;
  return (
    <div className="syscalls">
      <PaneHeader>
        <Segmented
          label="What is listed"
          value={subject}
          segments={[
            ...all.map((one) => ({
              value: one.value,
              label: `${one.name} ${one.rows.length.toLocaleString('en')}`,
            })),
            { value: 'processes', label: `Processes ${processes.toLocaleString('en')}` },
          ]}
          onChange={(next) => {
            setSubject(next);
            setChosen(0);
          }}
        />
        <TextField
          label="Filter paths, addresses and programs"
          placeholder="Filter"
          icon={<SearchIcon />}
          value={words}
          onChange={(next) => {
            setWords(next);
            setChosen(0);
          }}
        />
        {isFiltered ? (
          <span className="libraries-count" role="status">
            {shown.length.toLocaleString('en')} of {rows.length.toLocaleString('en')}
          </span>
        ) : null}
      </PaneHeader>
      {timeline === null ? null : (
        <SyscallTimeline timeline={timeline} marked={row?.firstAt ?? null} />
      )}
      {subject === 'processes' ? (
        <SyscallProcesses syscalls={syscalls} words={words} />
      ) : row === undefined ? (
        <EmptyState icon={<LibraryIcon />} title={NOTHING[subject]}>
          {isFiltered ? 'Nothing is left by the filter.' : null}
        </EmptyState>
      ) : (
        <>
          <SyscallList key={subject} label={rowName} rows={shown} at={at} onChoose={setChosen} />
          <SyscallDetails row={row} start={timeline?.start ?? null} />
        </>
      )}
    </div>
  );
}

const NOTHING: Readonly<Record<Subject, string>> = {
  missing: 'No file was missing',
  elsewhere: 'Nothing was missing in one place and found in another',
  outside: 'Nothing was read outside the store',
  connections: 'No connection was tried',
};
