/** The phases of a nix-shell in their order: a click types the command that runs one. */
import { useEffect, useState } from 'react';
import type { StreamItem } from '../../src-main/protocol/methods.ts';
import { callEngine, listenEngine } from '../connection/connection.ts';
import { Button } from '../look/button.tsx';
import { CheckIcon, PlayIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { runPhaseCommand } from './run-phase-command.ts';
import { ignoreLoss } from './shells.ts';

type Phase = StreamItem<'nixShell'>['phases'][number];

const SAYS: Readonly<Record<Phase['state'], string>> = {
  waiting: 'not run here yet',
  done: 'succeeded here',
  skipped: 'passed over by a build',
};

export function NixShellPhases({
  shell,
  onRun,
}: {
  readonly shell: string;
  readonly onRun: () => void;
}) {
  const phases = usePhases(shell);
  const type = (command: string) => {
    void callEngine('shellInput', { shell, data: `${command}\r` }).catch(ignoreLoss);
    onRun();
  };
  if (phases.length === 0) return null;
  return (
    <div className="nix-shell-phases" role="group" aria-label="Phases">
      <Button icon={<PlayIcon />} onClick={() => type('runPhases')}>
        All left
      </Button>
      {phases.map(({ name, state }) => (
        <Button
          key={name}
          look="ghost"
          className={`nix-shell-phase nix-shell-${state}`}
          title={SAYS[state]}
          aria-label={`Run ${name}, ${SAYS[state]}`}
          {...(state === 'done' ? { icon: <CheckIcon /> } : {})}
          onClick={() => type(runPhaseCommand(name))}
        >
          {printable(name.replace(/Phase$/, ''))}
        </Button>
      ))}
    </div>
  );
}

/** As they are told; those known stay where the connection is lost. */
function usePhases(shell: string): readonly Phase[] {
  const [phases, setPhases] = useState<readonly Phase[]>([]);
  useEffect(() => {
    const gone = new AbortController();
    listenEngine('nixShell', { shell }, (item) => setPhases(item.phases), gone.signal).catch(
      ignoreLoss,
    );
    return () => gone.abort();
  }, [shell]);
  return phases;
}
