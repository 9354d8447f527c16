/** Pieces of Nix expressions that Strata writes. */

/** A string, whatever is in it. A carriage return of its own ends a line to Nix (src/libexpr/lexer.l, `unescapeStr`). */
export function nixString(text: string): string {
  return `"${text.replace(/["\\$]/g, '\\$&').replaceAll('\r', '\\r')}"`;
}

export function nixStrings(texts: readonly string[]): string {
  return `[ ${texts.map(nixString).join(' ')} ]`;
}

/** @param file an absolute path, or a place on Nix's search path such as `<nixpkgs>` */
export function importOf(file: string): string {
  return `import ${file.startsWith('<') ? file : `(/. + ${nixString(file)})`}`;
}

/** What a person gives the functions of an expression. */
export interface GivenArguments {
  /** `--arg NAME EXPR` */
  readonly args?: readonly (readonly [string, string])[];
  /** `--argstr NAME STRING` */
  readonly argstrs?: readonly (readonly [string, string])[];
}

/** The same as a set. */
export function givenSet({ args = [], argstrs = [] }: GivenArguments): string {
  const given = [
    ...args.map(([name, expression]) => `${nixString(name)} = (${expression}\n);`),
    ...argstrs.map(([name, text]) => `${nixString(name)} = ${nixString(text)};`),
  ];
  return `{ ${given.join(' ')} }`;
}

/** The names in a path of attributes as `-A` takes it (Nix: src/libexpr/attr-path.cc): dots, and quotes around names with dots. */
export function attributeNames(path: string): readonly string[] {
  const names = [...path.matchAll(/"([^"]*)"|([^."]+)/g)];
  return names.map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/**
 * What a file and its attributes come to, as `nix-build -A` finds it: `{ value; sets; }`, where `sets` are those on the way,
 * the nearest first.
 */
export function reachedInFile(
  { file, attribute }: { readonly file: string; readonly attribute: string | null },
  options: GivenArguments,
): string {
  return `
    let
      given = ${givenSet(options)};
      call = value:
        if builtins.isFunction value
        then value (builtins.intersectAttrs (builtins.functionArgs value) given)
        else value;
      step = { value, sets }: name: {
        value = call (if builtins.isList value then builtins.elemAt value (builtins.fromJSON name) else value.\${name});
        sets = [ value ] ++ sets;
      };
    in
    builtins.foldl' step {
      value = call (${importOf(file)});
      sets = [ { pkgs = given.pkgs or { }; } ];
    } ${nixStrings(attributeNames(attribute ?? ''))}`;
}
