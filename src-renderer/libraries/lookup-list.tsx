/** The lookups of one process, in order; each opens to the search path it went along and the files it tried. */
import { useState } from 'react';
import type { LookupView, TracedProcessView } from '../../src-main/protocol/methods.ts';
import { CheckIcon, ChevronDownIcon, ChevronRightIcon, CrossIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { shortStoreNames } from '../../src-main/protocol/store-name.ts';
import { InLog, Jumps, type TraceOrigin } from './jumps.tsx';
import { Origin } from './origin.tsx';
import { outcomeText, tellingTries } from './lookups.ts';

/** A process looks for some hundred libraries at most; more are told, not drawn. */
const MOST_SHOWN = 500;

export function LookupList({
  process,
  lookups,
  origin,
}: {
  readonly process: TracedProcessView;
  readonly lookups: readonly LookupView[];
  /** What the trace is of; null for one from files. */
  readonly origin: TraceOrigin | null;
}) {
  const more = lookups.length - MOST_SHOWN;
  return (
    <div className="lookups" tabIndex={0} role="group" aria-label="Lookups">
      <p className="lookups-program" title={printable(process.program ?? '')}>
        {printable(shortStoreNames(process.program ?? `process ${process.pid}`))}
        <span>
          {process.phase === null ? '' : `${process.phase}, `}process {process.pid}
        </span>
      </p>
      {process.errors.map(({ library, text, fatal }, index) => (
        <p key={index} className="lookup-error">
          <CrossIcon />
          <span>
            {printable(text)}
            {fatal ? ' The program ended by it.' : ''}
          </span>
          {origin === null ? null : <InLog origin={origin} words={library ?? text} />}
        </p>
      ))}
      <ol className="lookup-rows">
        {lookups.slice(0, MOST_SHOWN).map((lookup, index) => (
          <LookupRow key={`${index} ${lookup.library}`} lookup={lookup} origin={origin} />
        ))}
      </ol>
      {more > 0 ? <p className="lookups-more">and {more} more: filter them</p> : null}
    </div>
  );
}

function LookupRow({
  lookup,
  origin,
}: {
  readonly lookup: LookupView;
  readonly origin: TraceOrigin | null;
}) {
  const { library, found, kind, requestedBy, through, places, tried } = lookup;
  const [open, setOpen] = useState(found === null);
  return (
    <li className={found === null ? 'lookup lookup-missing' : 'lookup'}>
      <button
        type="button"
        className="lookup-head"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {open ? <ChevronDownIcon /> : <ChevronRightIcon />}
        {found === null ? <CrossIcon /> : <CheckIcon />}
        <span className="lookup-library">{printable(library)}</span>
        {kind === 'dlopen' ? <span className="lookup-kind">dlopen</span> : null}
        <span className="lookup-found" title={printable(found ?? '')}>
          {found === null ? 'not found' : printable(shortStoreNames(found))}
        </span>
        {through === null ? null : <Origin origin={through.origin} />}
      </button>
      {open ? (
        <div className="lookup-details">
          {requestedBy === null ? null : (
            <p>
              asked for by <code>{printable(shortStoreNames(requestedBy))}</code>
            </p>
          )}
          <Search places={places} />
          <p>
            {tried.length === 1 ? 'One file was tried' : `${tried.length} files were tried`}
            {found === null ? ', and none was taken.' : '.'}
          </p>
          <Tries lookup={lookup} />
          {origin === null ? null : <Jumps lookup={lookup} origin={origin} />}
        </div>
      ) : null}
    </li>
  );
}

/** The search path in its order. */
function Search({ places }: Pick<LookupView, 'places'>) {
  if (places.length === 0) return null;
  return (
    <ol className="searched" aria-label="Search path">
      {places.map(({ directory, origin, from, variants, outcome }) => (
        <li
          key={`${origin} ${from ?? ''} ${directory}`}
          className={outcome === 'passed-over' ? 'searched-missing' : undefined}
        >
          <Origin origin={origin} />
          <code title={printable(directory)}>{printable(shortStoreNames(directory))}</code>
          {from === null ? null : (
            <span title={printable(from)}>
              of {printable(shortStoreNames(from.split('/').at(-1) ?? from))}
            </span>
          )}
          {outcome === 'passed-over' ? (
            <strong>does not exist here</strong>
          ) : variants === 0 ? null : (
            <span>and {variants} below it</span>
          )}
        </li>
      ))}
    </ol>
  );
}

function Tries({ lookup }: { readonly lookup: LookupView }) {
  const telling = tellingTries(lookup);
  if (telling.length === 0) return null;
  return (
    <ul className="tried" aria-label="Files tried">
      {telling.map(({ path, outcome }, index) => (
        <li key={index} className={`tried-${outcome}`}>
          {outcome === 'found' ? <CheckIcon /> : <CrossIcon />}
          <code title={printable(path)}>{printable(shortStoreNames(path))}</code>
          <span>{outcomeText(outcome)}</span>
        </li>
      ))}
    </ul>
  );
}
