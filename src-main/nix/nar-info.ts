/**
 * A binary cache's entry for a store path (Nix: src/libstore/nar-info.cc): lines `Name: value` in a file HASH.narinfo, which
 * names the file with the archive.
 */

export interface NarInfo {
  readonly storePath: string;
  /** From the cache's directory: `nar/….nar.zst`. */
  readonly url: string;
  /** Bytes of that file; null where the entry does not say. */
  readonly fileSize: number | null;
  /** `sha256:` and Nix's base 32; null likewise. */
  readonly fileHash: string | null;
  /** How the file is compressed, as Nix names it; bzip2 where the entry does not say. */
  readonly compression: string;
  /** Of the archive itself: `sha256:` and Nix's base 32, and bytes; null where the entry does not say. */
  readonly narHash: string | null;
  readonly narSize: number | null;
  readonly references: readonly string[];
  /** `NAME:BASE64` each. */
  readonly signatures: readonly string[];
}

/** Null where the text is no entry. */
export function parseNarInfo(text: string): NarInfo | null {
  const fields = new Map<string, string>();
  const signatures: string[] = [];
  for (const line of text.split('\n')) {
    const colon = line.indexOf(': ');
    if (colon === -1) continue;
    const [name, value] = [line.slice(0, colon), line.slice(colon + 2)];
    if (name === 'Sig') signatures.push(value);
    else fields.set(name, value);
  }
  const [storePath, url] = [fields.get('StorePath'), fields.get('URL')];
  if (storePath === undefined || url === undefined) return null;
  return {
    storePath,
    url,
    fileSize: numberIn(fields.get('FileSize')),
    fileHash: fields.get('FileHash') ?? null,
    compression: fields.get('Compression') ?? 'bzip2',
    narHash: fields.get('NarHash') ?? null,
    narSize: numberIn(fields.get('NarSize')),
    references: (fields.get('References') ?? '').split(' ').filter((name) => name !== ''),
    signatures,
  };
}

function numberIn(text: string | undefined): number | null {
  return text === undefined || !/^\d+$/.test(text) ? null : Number(text);
}
