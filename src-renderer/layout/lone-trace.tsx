/** A trace that was opened while no target is: it has the window to itself. */
import { LibrariesPane } from '../libraries/libraries-pane.tsx';
import { LibraryIcon } from '../look/icons.tsx';
import { PaneFrame } from '../look/pane.tsx';
import { closeImportedTrace } from '../store/imported-trace.ts';
import { PaneFault } from './pane-fault.tsx';

export function LoneTrace() {
  return (
    <main className="workspace">
      <PaneFrame
        name="Libraries"
        icon={<LibraryIcon />}
        shape="open"
        maximised
        onToggle={() => undefined}
        onMaximise={closeImportedTrace}
      >
        <PaneFault name="Libraries">
          <LibrariesPane />
        </PaneFault>
      </PaneFrame>
    </main>
  );
}
