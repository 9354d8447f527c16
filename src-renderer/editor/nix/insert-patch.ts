/** Adds a patch to `patches` of the derivation in a Nix text: what is offered when a shell's changes were kept as a patch. */
import { attributeSets, type AttributeSet, type Binding } from './bindings.ts';
import type { Token } from './tokens.ts';

export interface TextEdit {
  /** The characters from `start` to `end` (offsets) give way to `text`. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The edits that make the derivation apply `patch` after all its others; null where the text holds no derivation that could
 * be told, or already names the patch.
 *
 * @param patch a Nix path literal such as `./fix.patch` (see `nixPath`).
 */
export function insertPatch(source: string, patch: string): readonly TextEdit[] | null {
  const set = derivationSet(source);
  if (set === null) return null;
  const patches = set.bindings.find(({ path }) => path.length === 1 && path[0] === 'patches');
  if (patches === undefined) return newBinding(source, set, patch);
  if (patches.value.some(({ text }) => text === patch)) return null;
  return addTo(source, patches, patch);
}

/** The text with the edits made. */
export function applyEdits(source: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce(
      (text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end),
      source,
    );
}

/**
 * How a file is written in Nix, seen from the directory of the text that names it: `./fix.patch`, and where its name holds
 * what a path literal cannot, `(./. + "/it's a fix.patch")`.
 */
export function nixPath(relative: string): string {
  const path = `./${relative}`;
  if (/^\.(?:\/[\w.+-]+)+$/.test(path)) return path;
  return `(./. + "/${relative.replace(/["\\]|\$(?=\{)/g, '\\$&')}")`;
}

/** The set that most looks like a derivation's attributes. */
function derivationSet(source: string): AttributeSet | null {
  const sets = attributeSets(source).map((set) => ({ set, score: likeness(set) }));
  const best = sets.toSorted((a, b) => b.score - a.score)[0];
  return best === undefined || best.score === 0 ? null : best.set;
}

function likeness({ before, bindings }: AttributeSet): number {
  const names = new Set(bindings.map(({ path }) => path[0]));
  const has = (name: string, points: number) => (names.has(name) ? points : 0);
  const builder = before.some((word) => /^(?:mk|build)[A-Z]\w*$|^overrideAttrs$/.test(word))
    ? 8
    : 0;
  return builder + has('src', 4) + has('patches', 4) + has('pname', 2) + has('version', 1);
}

/** After `src`, where people put it; else after what names the derivation; else first. */
function newBinding(source: string, set: AttributeSet, patch: string): readonly TextEdit[] {
  const after = ['src', 'version', 'pname', 'name'].flatMap(
    (name) => set.bindings.find(({ path }) => path.length === 1 && path[0] === name) ?? [],
  )[0];
  const text = `patches = [ ${patch} ];`;
  if (after !== undefined) {
    const lines = startsItsLine(source, after.start);
    const separator = lines ? `\n${indentAt(source, after.start)}` : ' ';
    const at = lines ? behindComment(source, after.end) : after.end;
    return [{ start: at, end: at, text: separator + text }];
  }
  const first = set.bindings[0];
  const at = set.start + 1;
  if (first !== undefined && startsItsLine(source, first.start)) {
    return [{ start: at, end: at, text: `\n${indentAt(source, first.start)}${text}` }];
  }
  return [{ start: at, end: at, text: ` ${text}` }];
}

function addTo(source: string, { value, end }: Binding, patch: string): readonly TextEdit[] {
  const last = value.at(-1);
  if (last === undefined) {
    return [{ start: end, end, text: ` [ ${patch} ]` }];
  }
  const open = lastListOpening(value);
  if (open !== null) return intoList(source, value, open, patch);
  const first = value[0] ?? last;
  const appended = { start: last.end, end: last.end, text: ` ++ [ ${patch} ]` };
  if (!bindsLooserThanConcatenation(value)) return [appended];
  return [
    { start: first.start, end: first.start, text: '(' },
    { ...appended, text: `)${appended.text}` },
  ];
}

/** The index in `value` of the bracket that opens the list it ends with, if that list is an operand of `++` or all there is. */
function lastListOpening(value: readonly Token[]): number | null {
  if (value.at(-1)?.text !== ']' || bindsLooserThanConcatenation(value)) return null;
  let depth = 0;
  for (let at = value.length - 1; at >= 0; at -= 1) {
    const text = value[at]?.text;
    if (text === ']' || text === ')' || text === '}') depth += 1;
    if (text === '[' || text === '(' || text === '{' || text === '${') depth -= 1;
    if (depth === 0) return at === 0 || value[at - 1]?.text === '++' ? at : null;
  }
  return null;
}

function intoList(
  source: string,
  value: readonly Token[],
  open: number,
  patch: string,
): readonly TextEdit[] {
  const close = value[value.length - 1];
  const element = value[value.length - 2];
  const opening = value[open];
  if (close === undefined || element === undefined || opening === undefined) return [];
  if (value.length - 2 === open)
    return [{ start: opening.end, end: close.start, text: ` ${patch} ` }];
  const first = value[open + 1] ?? element;
  if (startsItsLine(source, first.start)) {
    const at = behindComment(source, element.end);
    return [{ start: at, end: at, text: `\n${indentAt(source, first.start)}${patch}` }];
  }
  return [{ start: element.end, end: element.end, text: ` ${patch}` }];
}

/** Whether `a ++ b` with this as `a` would be read as something else. */
function bindsLooserThanConcatenation(value: readonly Token[]): boolean {
  const loose = new Set([
    'if',
    'let',
    'with',
    'assert',
    ':',
    '//',
    '==',
    '!=',
    '<',
    '>',
    '<=',
    '>=',
  ]);
  for (const operator of ['&&', '||', '->', '+', '-', '*', '/']) loose.add(operator);
  // Arithmetic binds tighter, but makes no list: parentheses are never wrong.
  let depth = 0;
  return value.some(({ kind, text }) => {
    if (kind === 'symbol' && /^(?:\[|\(|\{|\$\{)$/.test(text)) depth += 1;
    if (kind === 'symbol' && /^[\])}]$/.test(text)) depth -= 1;
    return depth === 0 && kind !== 'string' && loose.has(text);
  });
}

function lineStart(source: string, offset: number): number {
  return source.lastIndexOf('\n', offset - 1) + 1;
}

function lineOf(source: string, offset: number): string {
  const end = source.indexOf('\n', offset);
  return source.slice(lineStart(source, offset), end === -1 ? source.length : end);
}

function indentAt(source: string, offset: number): string {
  return /^[ \t]*/.exec(lineOf(source, offset))?.[0] ?? '';
}

function startsItsLine(source: string, offset: number): boolean {
  return source.slice(lineStart(source, offset), offset).trim() === '';
}

/** Behind a comment that ends the line at `offset`, so that what is put there does not become part of it. */
function behindComment(source: string, offset: number): number {
  const [comment] = /^[ \t]*(?:#[^\n]*)?(?=\n|$)/.exec(source.slice(offset)) ?? [];
  return comment?.includes('#') === true ? offset + comment.length : offset;
}
