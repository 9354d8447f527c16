/** What a file's first bytes say it is. */

export type ContentKind =
  | { readonly kind: 'empty' }
  | { readonly kind: 'text' }
  | { readonly kind: 'elf' }
  | { readonly kind: 'image'; readonly mime: string }
  | { readonly kind: 'binary' };

/** How many bytes are looked at; git too looks at the first 8,000 for a NUL. */
export const SNIFFED_BYTES = 8192;

/**
 * @param head the first bytes, all where the file has fewer than {@link SNIFFED_BYTES}
 * @param path decides only that text with `<svg` is a picture
 */
export function contentKind(head: Uint8Array, path: string): ContentKind {
  if (head.length === 0) return { kind: 'empty' };
  if (startsWith(head, [0x7f, 0x45, 0x4c, 0x46])) return { kind: 'elf' };
  const mime = imageType(head, path);
  if (mime !== null) return { kind: 'image', mime };
  return { kind: isText(head.subarray(0, SNIFFED_BYTES)) ? 'text' : 'binary' };
}

function imageType(head: Uint8Array, path: string): string | null {
  if (startsWith(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
  if (startsWith(head, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  const ascii = latin1(head.subarray(0, 16));
  if (/^GIF8[79]a/.test(ascii)) return 'image/gif';
  if (/^RIFF[^]{4}WEBP/.test(ascii)) return 'image/webp';
  if (/^[^]{4}ftypavi[fs]/.test(ascii)) return 'image/avif';
  if (startsWith(head, [0, 0, 1, 0]) && path.toLowerCase().endsWith('.ico')) return 'image/x-icon';
  if (ascii.startsWith('BM') && path.toLowerCase().endsWith('.bmp')) return 'image/bmp';
  const isSvg = path.toLowerCase().endsWith('.svg') && latin1(head).includes('<svg');
  return isSvg ? 'image/svg+xml' : null;
}

/** No NUL, and few bytes that are neither text of UTF-8 nor of Latin-1. */
function isText(head: Uint8Array): boolean {
  let odd = 0;
  for (const byte of head) {
    if (byte === 0) return false;
    const isControl =
      byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d;
    if (isControl && byte !== 0x1b) odd += 1;
  }
  return odd <= head.length / 50;
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, at) => bytes[at] === byte);
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** Bytes as `hexdump -C` has them, sixteen a row. */
export function hexRows(
  bytes: Uint8Array,
): readonly { readonly offset: string; readonly hex: string; readonly text: string }[] {
  const rows = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const digits = Array.from(row, (byte) => byte.toString(16).padStart(2, '0'));
    rows.push({
      offset: at.toString(16).padStart(8, '0'),
      hex: `${digits.slice(0, 8).join(' ')}  ${digits.slice(8).join(' ')}`.padEnd(48),
      text: Array.from(row, (byte) =>
        byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·',
      ).join(''),
    });
  }
  return rows;
}

/** Monaco's language for a path; plain text where it has none. */
export function languageOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const extension = /\.([A-Za-z0-9+]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return LANGUAGES[extension] ?? 'plaintext';
}

/** Those that editor/monaco-set-up.ts registers. */
const LANGUAGES: Readonly<Record<string, string>> = {
  nix: 'nix',
  c: 'cpp',
  h: 'cpp',
  cc: 'cpp',
  cpp: 'cpp',
  cxx: 'cpp',
  hh: 'cpp',
  hpp: 'cpp',
  sh: 'shell',
  bash: 'shell',
  py: 'python',
  pl: 'perl',
  pm: 'perl',
  rs: 'rust',
  go: 'go',
  js: 'javascript',
  mjs: 'javascript',
  ts: 'typescript',
  xml: 'xml',
  html: 'html',
  css: 'css',
  md: 'markdown',
  yaml: 'yaml',
  yml: 'yaml',
  ini: 'ini',
  toml: 'ini',
  lua: 'lua',
  rb: 'ruby',
};
