/** Pieces of Nix expressions that Strata writes. */

/** A string, whatever is in it. */
export function nixString(text: string): string {
  return `"${text.replace(/["\\$]/g, '\\$&')}"`;
}

export function nixStrings(texts: readonly string[]): string {
  return `[ ${texts.map(nixString).join(' ')} ]`;
}

/** @param file an absolute path, or a place on Nix's search path such as `<nixpkgs>` */
export function importOf(file: string): string {
  return `import ${file.startsWith('<') ? file : `(/. + ${nixString(file)})`}`;
}

/** The names in a path of attributes as `-A` takes it (Nix: src/libexpr/attr-path.cc): dots, and quotes around names with dots. */
export function attributeNames(path: string): readonly string[] {
  const names = [...path.matchAll(/"([^"]*)"|([^."]+)/g)];
  return names.map(([, quoted, plain]) => quoted ?? plain ?? '');
}
