/** A pane that has nothing to show: because there is nothing yet, because it waits, or because something failed. */
import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { WarningIcon } from './icons.tsx';
import './states.css';

export function EmptyState({
  icon,
  title,
  children,
  actions,
}: {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  const place = useRef<HTMLDivElement>(null);
  return (
    <div className="empty-state" ref={place} tabIndex={useIsClipped(place) ? 0 : undefined}>
      {icon === undefined ? null : <span className="empty-state-icon">{icon}</span>}
      <p className="empty-state-title">{title}</p>
      {children === undefined ? null : <div className="empty-state-text">{children}</div>}
      {actions === undefined ? null : <div className="empty-state-actions">{actions}</div>}
    </div>
  );
}

/** Whether there is more in it than fits: then it scrolls, and keys must reach it. */
function useIsClipped(place: RefObject<HTMLElement | null>): boolean {
  const [isClipped, setIsClipped] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const observer = new ResizeObserver(() =>
      setIsClipped(element.scrollHeight > element.clientHeight),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return isClipped;
}

/** Turns while something is under way; `label` says what. */
export function Spinner({ label }: { readonly label: string }) {
  return <span className="spinner" role="progressbar" aria-label={label} />;
}

/** For a pane that waits for its first contents. */
export function Loading({ label }: { readonly label: string }) {
  return (
    <div className="loading">
      <Spinner label={label} />
      <span aria-hidden="true">{label}</span>
    </div>
  );
}

/** The parts of an error that a person needs; `WireError` and `StrataError` have them all. */
export interface Explained {
  readonly operation: string;
  readonly reason: string;
  readonly advice?: string | null | undefined;
  readonly output?: string | null | undefined;
}

/** What failed, why, what to do, and the tool's own words. */
export function ErrorState({
  error,
  actions,
}: {
  readonly error: Explained;
  readonly actions?: ReactNode;
}) {
  const { operation, reason, advice, output } = error;
  return (
    <div className="error-state" role="alert">
      <p className="error-state-title">
        <WarningIcon />
        <span>{operation === '' ? reason : `${sentence(operation)} failed`}</span>
      </p>
      {operation === '' ? null : <p className="error-state-reason">{reason}</p>}
      {advice === null || advice === undefined || advice === '' ? null : (
        <p className="error-state-advice">{advice}</p>
      )}
      {actions === undefined ? null : <div className="error-state-actions">{actions}</div>}
      {output === null || output === undefined || output.trim() === '' ? null : (
        <pre className="error-state-output" tabIndex={0} aria-label="Output of the tool">
          {output.trim()}
        </pre>
      )}
    </div>
  );
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
