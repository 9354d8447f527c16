/** The states that are shown as directories, by whichever window or `strata mount`. */
import { useState } from 'react';
import { callEngine } from '../connection/connection.ts';
import { Button } from '../look/button.tsx';
import { Dialog } from '../look/dialog.tsx';
import { printable } from '../look/printable.ts';
import { ErrorState, Loading } from '../look/states.tsx';
import { useAnswer } from '../snapshots/use-answer.ts';
import { stateCalled } from '../store/leaving-strata.ts';
import { showMounts, useOverlays } from '../store/overlays.ts';
import { packageOf } from '../store/package-of.ts';
import { refreshRuns } from '../store/runs.ts';
import { MountedDirectory } from './mounted-directory.tsx';
import './leaving.css';

export function MountsDialog() {
  const open = useOverlays(({ mounts }) => mounts);
  return open ? <Mounts /> : null;
}

const HOW = {
  mount: 'mounted',
  fuse: 'mounted by fuse-overlayfs',
  copy: 'copied, as nothing can be mounted here',
} as const;

function Mounts() {
  const [edition, setEdition] = useState(0);
  const answer = useAnswer(`mounts ${edition}`, async (signal) => {
    // The command line may have mounted what the window has not heard of.
    await refreshRuns();
    return callEngine('mountedSnapshots', {}, signal);
  });
  const close = () => showMounts(false);
  return (
    <Dialog
      open
      wide
      onClose={close}
      title="Mounted states"
      description="States shown as read-only directories, from here or by strata mount. Export…, Show as a directory in a phase’s menu makes one; it stays until it is taken away."
      actions={<Button onClick={close}>Close</Button>}
    >
      {answer.kind === 'failed' ? (
        <ErrorState error={answer.error} />
      ) : answer.kind === 'waiting' ? (
        <Loading label="Reading the list" />
      ) : answer.value.length === 0 ? (
        <p>None is mounted.</p>
      ) : (
        <ul className="mounts" aria-label="Mounted states">
          {answer.value.map(({ directory, snapshot, phase, how }) => (
            <li key={directory}>
              <p>
                <strong>{printable(stateCalled({ package: packageOf(snapshot), phase }))}</strong>
                <span>{HOW[how]}</span>
              </p>
              <MountedDirectory
                directory={directory}
                onGone={() => setEdition((before) => before + 1)}
              />
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
