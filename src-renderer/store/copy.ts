/** Copying that says whether it was allowed. */
import { copyText } from '../look/copy-text.ts';
import { notify, tell } from './notices.ts';

/** Puts text on the clipboard and says so, or that it could not. `what` begins a sentence: `The command line`. */
export async function copyAndTell(text: string, what: string): Promise<void> {
  if (await copyText(text)) tell(`${what} is on the clipboard.`);
  else {
    notify({
      operation: '',
      reason: `${what} is not on the clipboard: the browser refused.`,
      advice: 'Allow this page to use the clipboard in the browser’s settings, or select and copy.',
    });
  }
}
