/** The two questions about a file: it was changed by another program, or it is closed with text that is not saved. */
import { Button } from '../look/button.tsx';
import { Dialog } from '../look/dialog.tsx';
import { closeFile, dropQuestion, reloadFile, saveFile, useDocuments } from './documents.ts';
import { baseName } from './file-names.ts';

export function FileQuestions() {
  const question = useDocuments((state) => state.question);
  if (question === null) return null;
  const { path } = question;
  const name = baseName(path);
  switch (question.kind) {
    case 'conflict':
      return (
        <Dialog
          open
          onClose={dropQuestion}
          title={`${name} was changed by another program`}
          description="It has changed on the disk since it was read here. Taking the text on the disk can be undone with Ctrl+Z."
          actions={
            <>
              <Button onClick={dropQuestion}>Cancel</Button>
              <Button onClick={() => void answer(() => reloadFile(path))}>
                Take the text on the disk
              </Button>
              <Button look="danger" onClick={() => void answer(() => saveFile(path, true))}>
                Overwrite it
              </Button>
            </>
          }
        />
      );
    case 'close':
      return (
        <Dialog
          open
          onClose={dropQuestion}
          title={`Save the changes to ${name}?`}
          description="They are lost otherwise."
          actions={
            <>
              <Button look="danger" onClick={() => void answer(() => closeFile(path, true))}>
                Do not save
              </Button>
              <Button onClick={dropQuestion}>Cancel</Button>
              <Button look="primary" onClick={() => void answer(() => saveAndClose(path))}>
                Save
              </Button>
            </>
          }
        />
      );
  }
}

async function answer(act: () => unknown): Promise<void> {
  dropQuestion();
  await act();
}

async function saveAndClose(path: string): Promise<void> {
  if (await saveFile(path)) closeFile(path);
}
