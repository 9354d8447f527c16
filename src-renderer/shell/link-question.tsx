/** Links that programs print open only after one has read where they lead. */
import { create } from 'zustand';
import { desktopBridge } from '../connection/desktop.ts';
import { Button } from '../look/button.tsx';
import { Dialog } from '../look/dialog.tsx';
import { printable } from '../look/printable.ts';

const useLink = create<{ readonly address: string | null }>()(() => ({ address: null }));

/** Only pages of the web; anything else a link can name is none of the browser's business. */
export function askToOpen(address: string): void {
  if (!URL.canParse(address)) return;
  const { protocol, href } = new URL(address);
  if (protocol !== 'https:' && protocol !== 'http:') return;
  // Electron's main process asks by itself, of every window that is to be opened: it does not trust this one.
  if (desktopBridge() === null) useLink.setState({ address: href });
  else openPage(href);
}

function openPage(address: string): void {
  window.open(address, '_blank', 'noopener,noreferrer');
}

export function LinkQuestion() {
  const address = useLink((state) => state.address);
  const close = () => useLink.setState({ address: null });
  if (address === null) return null;
  return (
    <Dialog
      open
      onClose={close}
      title="Open this address in the browser?"
      description={<code className="link-address">{printable(address)}</code>}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button
            look="primary"
            onClick={() => {
              close();
              openPage(address);
            }}
          >
            Open
          </Button>
        </>
      }
    />
  );
}
