/** The third tab: text in the files that changed. */
import { memo, useEffect, useMemo, useState } from 'react';
import type { Changes } from '../../src-main/protocol/methods.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { compileQuery, isSearchable, NO_QUERY, type LogQuery } from '../log/log-query.ts';
import { linePieces } from '../log/line-pieces.ts';
import { placeFinder } from '../log/use-places.ts';
import { Button, IconButton } from '../look/button.tsx';
import { TextField } from '../look/fields.tsx';
import { SearchIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { EmptyState } from '../look/states.tsx';
import { notify } from '../store/notices.ts';
import {
  searchChanges,
  type FoundFile,
  type FoundLine,
  type SearchProgress,
} from './text-search.ts';

/** Of one file. */
const MOST_SHOWN = 50;

export function TextSearchView({
  changes,
  onOpen,
}: {
  readonly changes: Changes;
  readonly onOpen: (path: string, line: number) => void;
}) {
  const [query, setQuery] = useState<LogQuery>(NO_QUERY);
  const [progress, setProgress] = useState<SearchProgress | null>(null);
  const [running, setRunning] = useState<AbortController | null>(null);
  const pattern = useMemo(() => compileQuery(query), [query]);
  useEffect(() => () => running?.abort(), [running]);

  const search = async () => {
    if (!isSearchable(pattern)) return;
    running?.abort();
    const abort = new AbortController();
    setRunning(abort);
    setProgress(null);
    try {
      const find = placeFinder.find.bind(placeFinder);
      await searchChanges(changes, pattern, find, abort.signal, (next) => {
        if (!abort.signal.aborted) setProgress(next);
      });
    } catch (error) {
      if (!isCancelled(error)) notify(errorParts(error));
    } finally {
      setRunning((now) => (now === abort ? null : now));
    }
  };

  return (
    <div className="text-search">
      <div className="text-search-bar">
        <TextField
          className="text-search-field"
          label="Search in changed files"
          placeholder="Search in added and modified files"
          icon={<SearchIcon />}
          value={query.text}
          invalid={pattern.kind === 'invalid'}
          onChange={(text) => setQuery({ ...query, text })}
          onKeyDown={(event) => {
            if (event.key === 'Enter') void search();
            else if (event.key === 'Escape' && running !== null) running.abort();
            else return;
            event.preventDefault();
          }}
          end={
            <>
              <IconButton
                label="Match case"
                pressed={query.caseSensitive}
                onClick={() => setQuery({ ...query, caseSensitive: !query.caseSensitive })}
              >
                <span className="search-letters">Aa</span>
              </IconButton>
              <IconButton
                label="Regular expression"
                pressed={query.regex}
                onClick={() => setQuery({ ...query, regex: !query.regex })}
              >
                <span className="search-letters">.*</span>
              </IconButton>
            </>
          }
        />
        {running === null ? (
          <Button onClick={() => void search()} disabled={!isSearchable(pattern)}>
            Search
          </Button>
        ) : (
          <Button onClick={() => running.abort()}>Stop</Button>
        )}
        <span className="text-search-status" role="status">
          {pattern.kind === 'invalid' ? pattern.reason : statusText(progress, running !== null)}
        </span>
      </div>
      {progress === null || progress.files.length === 0 ? (
        <EmptyState
          icon={<SearchIcon />}
          title={progress?.end === 'done' ? 'Nothing found' : 'Search in what changed'}
        >
          Added and modified text files are searched, up to 2 MiB each.
        </EmptyState>
      ) : (
        <div className="text-search-files" role="group" aria-label="Files found">
          {progress.files.map((file) => (
            <FileMatches key={file.path} file={file} onOpen={onOpen} />
          ))}
        </div>
      )}
    </div>
  );
}

const FileMatches = memo(function FileMatches({
  file: { path, lines },
  onOpen,
}: {
  readonly file: FoundFile;
  readonly onOpen: (path: string, line: number) => void;
}) {
  return (
    <details className="text-search-file" open>
      <summary>
        <bdi>{printable(path)}</bdi>
        <span className="state-count">{lines.length}</span>
      </summary>
      {lines.slice(0, MOST_SHOWN).map((line) => (
        <button
          key={line.number}
          type="button"
          className="text-search-line"
          onClick={() => onOpen(path, line.number)}
        >
          <span className="text-search-number">{line.number}</span>
          <code>
            <Marked line={line} />
          </code>
        </button>
      ))}
      {lines.length > MOST_SHOWN ? (
        <p className="text-search-more">and {lines.length - MOST_SHOWN} more lines</p>
      ) : null}
    </details>
  );
});

function Marked({ line: { text, places } }: { readonly line: FoundLine }) {
  return linePieces({ text, spans: [] }, [], places).map((piece, at) =>
    piece.found ? (
      <mark key={at} className="found">
        {printable(piece.text)}
      </mark>
    ) : (
      printable(piece.text)
    ),
  );
}

function statusText(progress: SearchProgress | null, running: boolean): string {
  if (progress === null) return running ? 'Searching …' : '';
  const { files, searched, total, left, end } = progress;
  const lines = files.reduce((sum, file) => sum + file.lines.length, 0);
  const found = `${lines.toLocaleString('en')} lines in ${files.length.toLocaleString('en')} files`;
  if (end === 'cut') return `${found} · so many that ${searched} of ${total} files were searched`;
  if (end === 'going')
    return `${found} · ${searched} of ${total} files${running ? ' …' : ', stopped'}`;
  return left === 0 ? found : `${found} · ${left.toLocaleString('en')} large files left out`;
}
