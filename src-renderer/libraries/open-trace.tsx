/** The dialog that asks for the files of a trace: a path typed and completed, or files chosen from the disk. */
import { useRef, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Combobox } from '../look/combobox.tsx';
import { Dialog } from '../look/dialog.tsx';
import { FileIcon } from '../look/icons.tsx';
import { useDirectoryEntries } from '../run-bar/directory-entries.ts';
import { importFiles, importPaths } from '../store/imported-trace.ts';
import { showTraceQuestion, useOverlays } from '../store/overlays.ts';

export function OpenTrace() {
  const open = useOverlays(({ trace }) => trace);
  return open ? <Question /> : null;
}

function Question() {
  const [text, setText] = useState('');
  const files = useRef<HTMLInputElement>(null);
  const entries = useDirectoryEntries(text, ({ name }) => !name.startsWith('.'));
  const close = () => showTraceQuestion(false);
  const take = (path: string) => {
    if (path.trim() === '') return;
    close();
    void importPaths([path.trim()]);
  };
  return (
    <Dialog
      open
      onClose={close}
      title="Open a trace"
      description="What LD_DEBUG printed, text of strace, text, JSON or a capture (.scap) of sysdig. A directory stands for the files in it. Files can also be dropped on the window."
      actions={
        <>
          <Button onClick={() => files.current?.click()}>Choose files…</Button>
          <Button look="primary" disabled={text.trim() === ''} onClick={() => take(text)}>
            Open
          </Button>
        </>
      }
    >
      <Combobox
        className="open-trace-path"
        label="Path of the trace"
        placeholder="/tmp/ld.4711"
        icon={<FileIcon />}
        value={text}
        suggestions={entries}
        autoFocus
        onChange={setText}
        onTake={take}
      />
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
    </Dialog>
  );
}
