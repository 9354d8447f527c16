/** What became of a file as a sign that differs by shape as well as by colour. */
import type { ChangeKind } from './change-entry.ts';
import { kindWord } from './change-entry.ts';

const SIGNS = { A: '+', M: '~', R: '−' } as const;

export function KindSign({ kind }: { readonly kind: ChangeKind }) {
  return (
    <span className={`kind-sign kind-${kindWord(kind)}`} aria-hidden="true">
      {SIGNS[kind]}
    </span>
  );
}

/** Counts of the three kinds; those of none are left out. */
export function KindCounts({
  added,
  modified,
  removed,
}: {
  readonly added: number;
  readonly modified: number;
  readonly removed: number;
}) {
  const counts = [
    ['A', added],
    ['M', modified],
    ['R', removed],
  ] as const;
  return (
    <span className="kind-counts">
      {counts.map(([kind, count]) =>
        count === 0 ? null : (
          <span key={kind} className={`kind-${kindWord(kind)}`}>
            {SIGNS[kind]}
            {count.toLocaleString('en')}
          </span>
        ),
      )}
    </span>
  );
}
