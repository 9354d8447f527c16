/** The whole window. */
import { useEffect } from 'react';
import { followFocus } from '../look/focus-place.ts';
import { TooltipProvider } from '../look/tooltip.tsx';
import { CommandPalette } from '../palette/command-palette.tsx';
import { listenForKeys } from '../palette/shortcuts.ts';
import { ShortcutSheet } from '../palette/shortcut-sheet.tsx';
import { RunBar } from '../run-bar/run-bar.tsx';
import { targetTitle } from '../run-bar/target-path.ts';
import { closeImportedTrace, useImportedTrace } from '../store/imported-trace.ts';
import { guardLeaving } from '../store/leaving.ts';
import { useWish } from '../store/wish.ts';
import { Welcome } from '../welcome/welcome.tsx';
import { ConfirmationDialog } from '../nix-builds/confirmation-dialog.tsx';
import { NixLogQuestion } from '../nix-builds/nix-log-question.tsx';
import { NixBuildQuestion } from '../nix-builds/nix-build-question.tsx';
import { CachesDialog } from '../leaving/caches-dialog.tsx';
import { LeavingDialog } from '../leaving/leaving-dialog.tsx';
import { MountsDialog } from '../leaving/mounts-dialog.tsx';
import { OpenTrace } from '../libraries/open-trace.tsx';
import { EngineGone } from './engine-gone.tsx';
import { FileDrop } from './file-drop.tsx';
import { LoneTrace } from './lone-trace.tsx';
import { Notices } from './notices.tsx';
import { RunEnd } from './run-end.tsx';
import { StatusBar } from './status-bar.tsx';
import { Workspace } from './workspace.tsx';

export function Window() {
  const target = useWish(({ wish }) => wish.target);
  const imported = useImportedTrace(({ state }) => state.kind !== 'none');
  useEffect(() => {
    document.title = target === '' ? 'Strata' : `${targetTitle(target)} – Strata`;
  }, [target]);
  useEffect(() => {
    const controller = new AbortController();
    listenForKeys(controller.signal);
    followFocus(controller.signal);
    guardLeaving(controller.signal);
    // The engine lives on, and what was handed over to it would too.
    window.addEventListener('pagehide', closeImportedTrace, { signal: controller.signal });
    return () => controller.abort();
  }, []);
  return (
    <TooltipProvider>
      <div className="window">
        <RunBar />
        <EngineGone />
        {target !== '' ? <Workspace /> : imported ? <LoneTrace /> : <Welcome />}
        <StatusBar />
        <RunEnd />
      </div>
      <Notices />
      <CommandPalette />
      <ShortcutSheet />
      <OpenTrace />
      <NixBuildQuestion />
      <NixLogQuestion />
      <ConfirmationDialog />
      <LeavingDialog />
      <CachesDialog />
      <MountsDialog />
      <FileDrop />
    </TooltipProvider>
  );
}
