/** Which changes the tree shows: by kind, and by a part of the path or a glob. */
import type { Changes } from '../../src-main/protocol/methods.ts';
import type { ChangeKind } from './change-entry.ts';

export interface ChangeFilter {
  /** A part of the path, in any case; with `*`, `?`, `[…]` or `{…}` a glob. */
  readonly name: string;
  readonly kinds: ReadonlySet<ChangeKind>;
}

export const EVERYTHING: ChangeFilter = { name: '', kinds: new Set<ChangeKind>(['A', 'M', 'R']) };

/** The indices of the changes that pass, ascending. */
export function selectChanges(changes: Changes, { name, kinds }: ChangeFilter): Int32Array {
  const matches = nameTest(name);
  const selected = new Int32Array(changes.paths.length);
  let count = 0;
  for (let index = 0; index < changes.paths.length; index += 1) {
    if (!kinds.has(changes.kinds[index] as ChangeKind)) continue;
    if (matches !== null && !matches(changes.paths[index] ?? '')) continue;
    selected[count] = index;
    count += 1;
  }
  return selected.subarray(0, count);
}

/** The test for a path; null where every path passes. A glob with `/` is matched against the whole path, others against the name. */
export function nameTest(name: string): ((path: string) => boolean) | null {
  const wanted = name.trim();
  if (wanted === '') return null;
  if (!/[*?[{]/.test(wanted)) {
    const lower = wanted.toLowerCase();
    return (path) => path.toLowerCase().includes(lower);
  }
  const expression = globExpression(wanted);
  if (!wanted.includes('/'))
    return (path) => expression.test(path.slice(path.lastIndexOf('/') + 1));
  return (path) => expression.test(path);
}

/** A glob as a regular expression; what is broken in it stands for itself. A path's glob may begin anywhere below the root. */
function globExpression(glob: string): RegExp {
  let source = glob.includes('/') && !glob.startsWith('/') ? '(?:^|/)' : '^';
  let depth = 0;
  for (let at = 0; at < glob.length; at += 1) {
    const character = glob[at] ?? '';
    if (glob.startsWith('**/', at)) {
      source += '(?:.*/)?';
      at += 2;
    } else if (glob.startsWith('**', at)) {
      source += '.*';
      at += 1;
    } else if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '[') {
      const end = glob.indexOf(']', at + 2);
      if (end < 0) source += '\\[';
      else {
        const negated = glob[at + 1] === '!' || glob[at + 1] === '^';
        const members = glob.slice(at + (negated ? 2 : 1), end).replace(/[\\\]^[]/g, '\\$&');
        source += isValidClass(members) ? `[${negated ? '^' : ''}${members}]` : '\\[';
        if (isValidClass(members)) at = end;
      }
    } else if (character === '{' && glob.includes('}', at)) {
      source += '(?:';
      depth += 1;
    } else if (character === '}' && depth > 0) {
      source += ')';
      depth -= 1;
    } else if (character === ',' && depth > 0) source += '|';
    else source += character.replace(/[.+^$()|[\]{}\\]/g, '\\$&');
  }
  return new RegExp(`${source}${')'.repeat(depth)}$`, 'is');
}

/** A range such as `[z-a]` is none. */
function isValidClass(members: string): boolean {
  try {
    return new RegExp(`[${members}]`).source !== '' && members !== '';
  } catch {
    return false;
  }
}
