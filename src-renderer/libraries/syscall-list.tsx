/** Files or addresses that were asked for: a list of which only what one sees is drawn, and all of the chosen one below. */
import { printable } from '../look/printable.ts';
import { Row, RowList } from '../look/row-list.tsx';
import { shortStoreNames } from '../../src-main/protocol/store-name.ts';
import { duration } from '../timeline/duration.ts';
import { programNames, type SyscallRow } from './syscalls.ts';

/** Rows that Page Up and Page Down pass over. */
const PAGE = 10;
/** Programs that are named in a row, and below. */
const NAMED = 2;
const MOST_NAMED = 20;

export function SyscallList({
  label,
  rows,
  at,
  onChoose,
}: {
  /** The accessible name, and what the names of the rows are. */
  readonly label: string;
  readonly rows: readonly SyscallRow[];
  readonly at: number;
  readonly onChoose: (index: number) => void;
}) {
  return (
    <>
      <div className="syscall-columns syscall-head" aria-hidden="true">
        <span>{label}</span>
        <span>How</span>
        <span>Programs</span>
        <span>Times</span>
      </div>
      <RowList
        role="listbox"
        label={label}
        className="syscall-list"
        rowId="syscall"
        count={rows.length}
        at={at}
        onChoose={onChoose}
        page={PAGE}
      >
        {(index, frame) => {
          const row = rows[index];
          return row === undefined ? null : (
            <Row
              key={index}
              frame={frame}
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              className="syscall-columns"
            >
              <Name name={row.name} />
              <span className="syscall-cell">{row.how}</span>
              <span className="syscall-cell">{printable(programNames(row.programs, NAMED))}</span>
              <span className="syscall-count">{row.count.toLocaleString('en')}</span>
            </Row>
          );
        }}
      </RowList>
    </>
  );
}

/** The directory gives way before the name of the file does. */
function Name({ name }: { readonly name: string }) {
  const shown = printable(shortStoreNames(name));
  const slash = shown.lastIndexOf('/');
  return (
    <span className="syscall-name">
      <span className="syscall-directory">{shown.slice(0, slash + 1)}</span>
      <span className="syscall-file">{shown.slice(slash + 1)}</span>
    </span>
  );
}

/** All of one row, for which a line has no room. */
export function SyscallDetails({
  row,
  start,
}: {
  readonly row: SyscallRow;
  /** Of the time line (milliseconds); null where there is none. */
  readonly start: number | null;
}) {
  const { name, how, programs, count, firstAt, foundAs } = row;
  const times = count === 1 ? 'once' : `${count.toLocaleString('en')} times`;
  const first =
    firstAt === null || start === null
      ? ''
      : `, first ${duration(firstAt - start)} after the start`;
  return (
    <div className="syscall-details" role="group" aria-label="Chosen entry">
      <code>{printable(name)}</code>
      <p>
        {how} by {printable(programNames(programs, MOST_NAMED))}, {times}
        {first}
      </p>
      {foundAs === null ? null : (
        <p>
          found instead: <code>{printable(foundAs)}</code>
        </p>
      )}
    </div>
  );
}
