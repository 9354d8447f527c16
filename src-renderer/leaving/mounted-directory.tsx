/** A state that is shown as a directory: where it is, and what one does with it. */
import { useState } from 'react';
import { callEngine } from '../connection/connection.ts';
import { errorParts } from '../connection/error-parts.ts';
import { Button } from '../look/button.tsx';
import { FolderIcon } from '../look/icons.tsx';
import type { Explained } from '../look/states.tsx';
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
  const [goes, setGoes] = useState(false);
  const [problem, setProblem] = useState<Explained | null>(null);
  const fail = (error: unknown) => setProblem(errorParts(error));
  // Some file managers let go of what opened them only when they are closed: nothing waits for that.
  const open = async (): Promise<void> => {
    setProblem(null);
    await callEngine('openDirectory', { directory }).catch(fail);
  };
  const takeAway = async (): Promise<void> => {
    setProblem(null);
    setGoes(true);
    await callEngine('unmountSnapshot', { directory }).then(onGone, fail);
    setGoes(false);
  };

  return (
    <div className="mounted-directory">
      <CopiedText what="The path" text={directory} />
      <div className="leaving-line">
        <Button
          icon={<FolderIcon />}
          disabled={goes}
          aria-label={`Open in the file manager: ${directory}`}
          onClick={() => void open()}
        >
          Open in the file manager
        </Button>
        <Button
          disabled={goes}
          aria-label={`Take it away: ${directory}`}
          onClick={() => void takeAway()}
        >
          Take it away
        </Button>
      </div>
      {problem === null ? null : <Problem error={problem} />}
    </div>
  );
}
