/** What failed, below the form that asked for it: in sight also where the sheet is too low for both. */
import { useEffect, useRef } from 'react';
import { ErrorState, type Explained } from '../look/states.tsx';
import './leaving.css';

export function Problem({ error }: { readonly error: Explained }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest' });
  }, [error]);
  return (
    <div ref={place} className="leaving-problem">
      <ErrorState error={error} />
    </div>
  );
}
