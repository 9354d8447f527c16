/** The place of the libraries pane, until it is there. */
import { LibraryIcon } from '../look/icons.tsx';
import { EmptyState } from '../look/states.tsx';

export function LibrariesPane() {
  return (
    <EmptyState icon={<LibraryIcon />} title="No lookups recorded">
      Which shared libraries each process looked for, where, in which order and why there will be
      shown here, once Strata can trace a phase. Until then, <code>NEEDED</code>, <code>RPATH</code>{' '}
      and <code>RUNPATH</code> of a file are in the snapshot browser.
    </EmptyState>
  );
}
