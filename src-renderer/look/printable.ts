/** Names and texts of a build as people read them. */
import { printable } from '../../src-main/protocol/visible-text.ts';

export { printable };

/** As {@link printable} of a text whose line breaks and tabs are its own. */
export function printableText(text: string): string {
  return text.replace(/[^\n\t]+/g, printable);
}
