/** Two traces of libraries side by side: what resolves differently, and both search paths of the chosen difference aligned. */
import { useState } from 'react';
import type {
  CallResult,
  LibraryDifferenceView,
  TraceSource,
} from '../../src-main/protocol/methods.ts';
import { shortStoreNames } from '../../src-main/protocol/store-name.ts';
import { callEngine } from '../connection/connection.ts';
import { CheckIcon, CrossIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { Row, RowList } from '../look/row-list.tsx';
import { EmptyState, ErrorState, Loading } from '../look/states.tsx';
import { useAnswer } from '../snapshots/use-answer.ts';
import { differenceName, differenceText, differenceWhere } from './comparison.ts';
import { Origin } from './origin.tsx';
import './comparison.css';

type Comparison = CallResult<'compareLibraries'>;
type Search = Extract<LibraryDifferenceView, { search: unknown }>['search'];

export function ComparisonView({
  here,
  there,
  name,
}: {
  readonly here: TraceSource;
  readonly there: TraceSource;
  /** How the other is called. */
  readonly name: string;
}) {
  const answer = useAnswer(JSON.stringify([here, there]), async (signal) =>
    callEngine('compareLibraries', { left: here, right: there }, signal),
  );
  if (answer.kind === 'failed') return <ErrorState error={answer.error} />;
  if (answer.kind === 'waiting') return <Loading label="Comparing the traces" />;
  return <Compared comparison={answer.value} name={name} />;
}

function Compared({
  comparison,
  name,
}: {
  readonly comparison: Comparison;
  readonly name: string;
}) {
  const { differences, more, lone, same } = comparison;
  const [chosen, setChosen] = useState(0);
  const alike = `${same.lookups.toLocaleString('en')} lookups are the same`;
  const first = differences[chosen];
  if (first === undefined) {
    return (
      <EmptyState title="Nothing resolves differently">
        {alike}
        {lone.length === 0 ? '.' : `; ${loneText(lone)}.`}
      </EmptyState>
    );
  }
  return (
    <div className="comparison">
      <p className="comparison-totals" role="status">
        {(differences.length + more).toLocaleString('en')}{' '}
        {differences.length + more === 1 ? 'difference' : 'differences'}; {alike}
        {lone.length === 0 ? '' : `; ${loneText(lone)}`}
      </p>
      <RowList
        role="listbox"
        label="Differences"
        className="comparison-list"
        rowId="difference"
        count={differences.length}
        at={chosen}
        onChoose={setChosen}
      >
        {(index, frame) => {
          const difference = differences[index];
          return difference === undefined ? null : (
            <Row key={index} frame={frame} className="comparison-row">
              <span className="comparison-name">{printable(differenceName(difference))}</span>
              <span className={`comparison-kind comparison-${difference.kind}`}>
                {differenceText(difference)}
              </span>
              <span className="comparison-where">{printable(differenceWhere(difference))}</span>
            </Row>
          );
        }}
      </RowList>
      {more === 0 ? null : (
        <p className="comparison-totals">{more.toLocaleString('en')} more are too many to list.</p>
      )}
      <Difference difference={first} name={name} />
    </div>
  );
}

function loneText(lone: Comparison['lone']): string {
  const count = lone.reduce((sum, { processes }) => sum + processes, 0);
  return `${count.toLocaleString('en')} ${count === 1 ? 'process is' : 'processes are'} in one of them alone`;
}

function Difference({
  difference,
  name,
}: {
  readonly difference: LibraryDifferenceView;
  readonly name: string;
}) {
  if ('error' in difference) {
    return (
      <div className="comparison-detail" role="group" aria-label="Chosen difference" tabIndex={0}>
        <p className="lookup-error">
          <CrossIcon />
          <span>{printable(difference.error.text)}</span>
        </p>
      </div>
    );
  }
  const { left, right, search } = difference;
  return (
    <div className="comparison-detail" role="group" aria-label="Chosen difference" tabIndex={0}>
      <table className="comparison-table">
        <thead>
          <tr>
            <th scope="col">Here</th>
            <th scope="col">There: {printable(name)}</th>
          </tr>
        </thead>
        <tbody>
          <tr className="comparison-found">
            <Found side={left} />
            <Found side={right} />
          </tr>
          {search.map((row, index) => (
            <tr
              key={index}
              className={row.left === null || row.right === null ? 'comparison-lone' : ''}
            >
              <Place place={row.left} />
              <Place place={row.right} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Found({
  side,
}: {
  readonly side: Extract<LibraryDifferenceView, { search: unknown }>['left'];
}) {
  if (side === null) return <td>not looked for</td>;
  return (
    <td>
      <span className="comparison-cell">
        {side.found === null ? <CrossIcon /> : <CheckIcon />}
        {side.found === null ? 'not found' : <code>{printable(shortStoreNames(side.found))}</code>}
      </span>
    </td>
  );
}

function Place({ place }: { readonly place: Search[number]['left'] }) {
  if (place === null) return <td aria-label="not searched" />;
  return (
    <td>
      <span className="comparison-cell">
        <Origin origin={place.origin} />
        <code title={printable(place.directory)}>
          {printable(shortStoreNames(place.directory))}
        </code>
        {place.outcome === 'passed-over' ? <strong>does not exist</strong> : null}
        {place.outcome === 'found' ? <strong className="comparison-here">found here</strong> : null}
      </span>
    </td>
  );
}
