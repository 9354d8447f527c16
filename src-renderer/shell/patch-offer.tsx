/** After a patch was written: is the derivation to apply it? */
import { useEffect, useState } from 'react';
import { addPatch, applies } from '../editor/add-patch.ts';
import { baseName } from '../editor/file-names.ts';
import { fileOfTarget } from '../editor/target-file.ts';
import { Button } from '../look/button.tsx';
import { Dialog } from '../look/dialog.tsx';
import { printable } from '../look/printable.ts';
import { useConnection } from '../store/connection.ts';
import { tell } from '../store/notices.ts';
import { useWish } from '../store/wish.ts';
import { patchAnswered, useShells } from './shells.ts';

export function PatchOffer() {
  const patch = useShells((state) => state.patch);
  return patch === null ? null : <Offer key={patch} patch={patch} />;
}

function Offer({ patch }: { readonly patch: string }) {
  const target = useWish(({ wish }) => wish.target);
  const directory = useConnection(({ hello }) => hello?.directory ?? '/');
  const file = fileOfTarget(target, directory);
  const [line, setLine] = useState<string | null>(null);
  useEffect(() => {
    const gone = new AbortController();
    void (async () => {
      const text = file === null ? null : await applies(file, patch);
      if (!gone.signal.aborted) setLine(text);
    })();
    return () => gone.abort();
  }, [file, patch]);
  return (
    <Dialog
      open
      onClose={patchAnswered}
      title="The patch is written"
      description={<code className="link-address">{printable(patch)}</code>}
      actions={
        <>
          <Button onClick={patchAnswered}>{line === null ? 'Close' : 'Not now'}</Button>
          {line === null || file === null ? null : (
            <Button
              look="primary"
              onClick={() => {
                patchAnswered();
                void addPatch(file, patch).then((added) => {
                  if (added) tell(`${baseName(file)} applies the patch; save it to build with it`);
                });
              }}
            >
              {`Add to ${baseName(file)}`}
            </Button>
          )}
        </>
      }
    >
      {line === null
        ? 'To build with it, add it to patches of the derivation.'
        : 'The derivation can apply it from now on. The edit can be seen and undone in the editor:'}
      {line === null ? null : <pre className="patch-line">{line}</pre>}
    </Dialog>
  );
}
