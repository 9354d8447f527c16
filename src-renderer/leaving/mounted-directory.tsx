/** A state that is shown as a directory: where it is, and what one does with it. */
import { useState } from 'react';
import { callEngine } from '../connection/connection.ts';
import { errorParts } from '../connection/error-parts.ts';
import { Button } from '../look/button.tsx';
import { FolderIcon } from '../look/icons.tsx';
import type { Explained } from '../look/states.tsx';
import { tell } from '../store/notices.ts';
import { CopiedText } from './copied-text.tsx';
import { Problem } from './problem.tsx';
import './leaving.css';

export function MountedDirectory({
  directory,
  onGone,
}: {
  readonly directory: string;
  readonly onGone: () => void;
}) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Explained | null>(null);
  const carryOut = async (work: () => Promise<unknown>, then: () => void): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
      then();
    } catch (error) {
      setProblem(errorParts(error));
    }
    setBusy(false);
  };
  const open = () => void carryOut(async () => callEngine('openDirectory', { directory }), noMore);
  const takeAway = () =>
    void carryOut(
      async () => callEngine('unmountSnapshot', { directory }),
      () => {
        tell(`${directory} is gone again`);
        onGone();
      },
    );
  return (
    <div className="mounted-directory">
      <CopiedText what="The path" text={directory} />
      <div className="leaving-line">
        <Button
          icon={<FolderIcon />}
          disabled={busy}
          aria-label={`Open in the file manager: ${directory}`}
          onClick={open}
        >
          Open in the file manager
        </Button>
        <Button disabled={busy} aria-label={`Take it away: ${directory}`} onClick={takeAway}>
          Take it away
        </Button>
      </div>
      {problem === null ? null : <Problem error={problem} />}
    </div>
  );
}

function noMore(): void {
  // The file manager is a window of its own.
}
