/** Searching a log: the engine finds the lines; while the log grows they are found again from time to time. */
import { useEffect, useState } from 'react';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import type { LogDocument } from './log-document.ts';
import { compileQuery, isSearchable, type LogQuery } from './log-query.ts';

export interface Found {
  /** The lines that match, ascending. */
  readonly lines: readonly number[];
  /** There are more than these. */
  readonly more: boolean;
  readonly searching: boolean;
  readonly problem: string | null;
}

const NOTHING_FOUND: Found = { lines: [], more: false, searching: false, problem: null };

const MOST_LINES = 20_000;
const TYPING_MS = 150;
const GROWING_MS = 1500;

export function useLogSearch(document: LogDocument, query: LogQuery, lines: number): Found {
  const [found, setFound] = useState(NOTHING_FOUND);
  /** What the result is of. */
  const [answered, setAnswered] = useState<{ query: LogQuery; lines: number } | null>(null);
  const isStale = answered?.query === query && answered.lines !== lines;
  const wanted = answered?.query === query ? answered.lines : -1;

  useEffect(() => {
    if (!isSearchable(compileQuery(query))) {
      setFound(NOTHING_FOUND);
      return;
    }
    if (wanted >= 0 && !isStale) return;
    const abort = new AbortController();
    const search = async (): Promise<void> => {
      const searched = document.lines;
      try {
        const result = await document.search(query, MOST_LINES, abort.signal);
        setFound({ ...result, searching: false, problem: null });
      } catch (error) {
        if (isCancelled(error)) return;
        setFound({ ...NOTHING_FOUND, problem: errorParts(error).reason });
      }
      setAnswered({ query, lines: searched });
    };
    if (!isStale) setFound((before) => ({ ...before, searching: true, problem: null }));
    const timer = setTimeout(() => void search(), isStale ? GROWING_MS : TYPING_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [document, query, wanted, isStale]);

  return found;
}
