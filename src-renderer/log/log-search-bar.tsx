/** The row one searches the log in. */
import { useEffect, useRef } from 'react';
import { IconButton } from '../look/button.tsx';
import { TextField } from '../look/fields.tsx';
import { ChevronDownIcon, ChevronUpIcon, CrossIcon, SearchIcon } from '../look/icons.tsx';
import { PaneHeader } from '../look/pane.tsx';
import type { Found } from './log-search.ts';
import type { LogQuery, Pattern } from './log-query.ts';

export function LogSearchBar({
  query,
  pattern,
  found,
  current,
  focusSerial,
  onQuery,
  onStep,
  onClose,
}: {
  readonly query: LogQuery;
  readonly pattern: Pattern;
  readonly found: Found;
  /** The line one stands on; null before the first step. */
  readonly current: number | null;
  /** The field takes the focus whenever this changes. */
  readonly focusSerial: number;
  readonly onQuery: (query: LogQuery) => void;
  readonly onStep: (step: 'next' | 'previous') => void;
  readonly onClose: () => void;
}) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, [focusSerial]);
  return (
    <PaneHeader>
      <TextField
        ref={field}
        className="log-search-field"
        label="Search the log"
        placeholder="Search"
        icon={<SearchIcon />}
        value={query.text}
        invalid={pattern.kind === 'invalid'}
        onChange={(text) => onQuery({ ...query, text })}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onStep(event.shiftKey ? 'previous' : 'next');
          else if (event.key === 'Escape') onClose();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        end={
          <>
            <IconButton
              label="Match case"
              pressed={query.caseSensitive}
              onClick={() => onQuery({ ...query, caseSensitive: !query.caseSensitive })}
            >
              <span className="search-letters">Aa</span>
            </IconButton>
            <IconButton
              label="Regular expression"
              pressed={query.regex}
              onClick={() => onQuery({ ...query, regex: !query.regex })}
            >
              <span className="search-letters">.*</span>
            </IconButton>
          </>
        }
      />
      <span className="log-search-count" role="status">
        {says(query, pattern, found, current)}
      </span>
      <IconButton
        label="Previous match"
        keys="Shift Enter"
        disabled={found.lines.length === 0}
        onClick={() => onStep('previous')}
      >
        <ChevronUpIcon />
      </IconButton>
      <IconButton
        label="Next match"
        keys="Enter"
        disabled={found.lines.length === 0}
        onClick={() => onStep('next')}
      >
        <ChevronDownIcon />
      </IconButton>
      <IconButton label="Close the search" keys="Esc" onClick={onClose}>
        <CrossIcon />
      </IconButton>
    </PaneHeader>
  );
}

function says(query: LogQuery, pattern: Pattern, found: Found, current: number | null): string {
  if (pattern.kind === 'invalid') return pattern.reason;
  if (query.text === '') return '';
  if (found.problem !== null) return found.problem;
  const count = found.lines.length;
  if (count === 0) return found.searching ? 'Searching …' : 'No matches';
  const total = `${count.toLocaleString('en')}${found.more ? '+' : ''}`;
  const place = current === null ? -1 : found.lines.indexOf(current);
  if (place >= 0) return `${(place + 1).toLocaleString('en')} of ${total} lines`;
  return count === 1 ? '1 line' : `${total} lines`;
}
