/** Why a shell could not be opened, and what can be looked at instead. */
import type { WireError } from '../../src-main/protocol/wire.ts';
import { Button } from '../look/button.tsx';
import { FileIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { ErrorState } from '../look/states.tsx';
import { openTarget } from '../store/wish.ts';

export function UnopenedShell({ error }: { readonly error: WireError }) {
  // A dependency that failed: its derivation is a target as any other.
  const derivations = error.choices.filter((one) => one.endsWith('.drv'));
  if (derivations.length === 0) return <ErrorState error={error} />;
  return (
    <ErrorState
      error={{ ...error, advice: null }}
      actions={derivations.map((derivation) => (
        <Button key={derivation} icon={<FileIcon />} onClick={() => openTarget(derivation)}>
          Open {nameOf(derivation)} as a target
        </Button>
      ))}
    />
  );
}

/** `/nix/store/…-hello-1.0.drv` as `hello-1.0`. */
function nameOf(derivation: string): string {
  return printable(derivation.replace(/^.*\/[0-9a-z]{32}-/, '').replace(/\.drv$/, ''));
}
