/** Asks for the log of an old build by Nix. */
import { PathQuestion } from '../run-bar/path-question.tsx';
import { openNixLog } from '../store/nix-builds.ts';
import { showNixLogQuestion, useOverlays } from '../store/overlays.ts';

export function NixLogQuestion() {
  const open = useOverlays(({ nixLog }) => nixLog);
  return open ? (
    <PathQuestion
      title="Open the log of a build"
      description="A .drv or a path in the store that was built here, or a file with what nix-build --log-format internal-json, or one builder, printed."
      label="Path of what was built, or of a log"
      placeholder="/nix/store/…-hello-1.0.drv"
      onTake={openNixLog}
      onClose={() => showNixLogQuestion(false)}
    />
  ) : null;
}
