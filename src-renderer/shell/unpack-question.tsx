/** Before a nix-shell unpacks again: what is there goes, or the new sources would end in the old ones. */
import { Button } from '../look/button.tsx';
import { Dialog } from '../look/dialog.tsx';
import { printable } from '../look/printable.ts';

export function UnpackQuestion({
  kept,
  onClose,
  onUnpack,
}: {
  /** The directory of the shell. */
  readonly kept: string;
  readonly onClose: () => void;
  readonly onUnpack: () => void;
}) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Unpack again and begin afresh?"
      description={
        <>
          <p>
            The sources are in <code className="nix-shell-kept">{printable(`${kept}/build`)}</code>{' '}
            already. What lies there is removed with all that you changed in it, and so are the
            outputs; all phases have to run again.
          </p>
        </>
      }
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="danger"
            onClick={() => {
              onClose();
              onUnpack();
            }}
          >
            Remove and unpack
          </Button>
        </>
      }
    />
  );
}
