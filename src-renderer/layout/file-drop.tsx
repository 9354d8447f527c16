/** Files dragged over the window: traces are read where they are let go. A page must take them all, or the browser would go to them. */
import { useEffect, useState } from 'react';
import { desktopBridge } from '../connection/desktop.ts';
import { importFiles } from '../store/imported-trace.ts';
import { notify } from '../store/notices.ts';
import { openTarget } from '../store/wish.ts';
import './file-drop.css';

export function FileDrop() {
  const over = useFileDrop();
  return over ? (
    <div className="file-drop" role="status">
      <p>
        <strong>Drop a trace here</strong>
        LD_DEBUG, strace, sysdig, .scap
      </p>
    </div>
  ) : null;
}

/** Whether files are over the window. */
function useFileDrop(): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const onFiles = (
      kind: 'dragenter' | 'dragover' | 'dragleave' | 'drop',
      listener: (event: DragEvent) => void,
    ): void =>
      window.addEventListener(
        kind,
        (event) => {
          if (event.dataTransfer?.types.includes('Files') !== true) return;
          event.preventDefault();
          listener(event);
        },
        { signal },
      );
    onFiles('dragenter', () => setOver(true));
    onFiles('dragover', () => setOver(true));
    // Between two elements of the page the pointer is on neither; only one that leaves the window comes from nowhere.
    onFiles('dragleave', ({ relatedTarget }) => {
      if (relatedTarget === null) setOver(false);
    });
    onFiles('drop', ({ dataTransfer }) => {
      setOver(false);
      take([...(dataTransfer?.files ?? [])]);
    });
    return () => controller.abort();
  }, []);
  return over;
}

/** A target is opened by its path, which only the desktop application knows. */
function take(files: readonly File[]): void {
  const [first] = files;
  if (first === undefined) return;
  if (!/\.(?:nix|drv)$/.test(first.name)) {
    void importFiles(files);
    return;
  }
  const desktop = desktopBridge();
  if (desktop !== null) openTarget(desktop.pathOf(first));
  else {
    notify({
      operation: '',
      reason: `A browser does not tell where ${first.name} lies: type its path into Target.`,
    });
  }
}
