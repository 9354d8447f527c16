/** The dialog that asks for the files of a trace: a path typed and completed, or files chosen from the disk. */
import { useRef } from 'react';
import { Button } from '../look/button.tsx';
import { PathQuestion } from '../run-bar/path-question.tsx';
import { importFiles, importPaths } from '../store/imported-trace.ts';
import { showTraceQuestion, useOverlays } from '../store/overlays.ts';

export function OpenTrace() {
  const open = useOverlays(({ trace }) => trace);
  return open ? <Question /> : null;
}

function Question() {
  const files = useRef<HTMLInputElement>(null);
  const close = () => showTraceQuestion(false);
  return (
    <PathQuestion
      title="Open a trace"
      description="What LD_DEBUG printed, text of strace, text, JSON or a capture (.scap) of sysdig. A directory stands for the files in it. Files can also be dropped on the window."
      label="Path of the trace"
      placeholder="/tmp/ld.4711"
      actions={<Button onClick={() => files.current?.click()}>Choose files…</Button>}
      onTake={async (path) => {
        close();
        // The pane for libraries says what is wrong with it.
        await importPaths([path]);
        return null;
      }}
      onClose={close}
    >
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label="Files of the trace"
        onChange={({ target }) => {
          const chosen = [...(target.files ?? [])];
          if (chosen.length === 0) return;
          close();
          void importFiles(chosen);
        }}
      />
    </PathQuestion>
  );
}
