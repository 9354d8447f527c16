/**
 * Names as people read them. A file name is bytes: those that are no UTF-8 come over the protocol as the lone surrogates
 * U+DC80 to U+DCFF, as Python does it (PEP 383), and are shown as the bytes they stand for.
 */

/** Characters that would not show, would break the line or would reorder their neighbours. */
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A path or name with everything that cannot be seen written out: `\x0a`, `\x80`, `\u202e`. */
export function printable(name: string): string {
  return name.replace(UNSEEN, (unit) => {
    const code = unit.charCodeAt(0);
    if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`;
    return code <= 0xff ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
  });
}

/** As {@link printable} of a text whose line breaks and tabs are its own. */
export function printableText(text: string): string {
  return text.replace(/[^\n\t]+/g, printable);
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
