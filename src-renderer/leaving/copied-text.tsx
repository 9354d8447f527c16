/** Text that is to be pasted elsewhere, with a button that copies it. */
import { IconButton } from '../look/button.tsx';
import { CopyIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { copyAndTell } from '../store/copy.ts';
import './leaving.css';

/** @param what the accessible name; begins a sentence: `The command` */
export function CopiedText({ what, text }: { readonly what: string; readonly text: string }) {
  return (
    <div className="copied-text">
      <pre tabIndex={0} aria-label={what}>
        {text.split('\n').map(printable).join('\n')}
      </pre>
      <IconButton label={`Copy ${what.toLowerCase()}`} onClick={() => void copyAndTell(text, what)}>
        <CopyIcon />
      </IconButton>
    </div>
  );
}
