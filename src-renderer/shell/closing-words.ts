/** The words of the question about a shell's changes, and which names it accepts. */
import type { ShellChanges } from './shells.ts';

/** `2 files added, 1 removed.` */
export function changesText({
  added,
  modified,
  removed,
}: Pick<ShellChanges, 'added' | 'modified' | 'removed'>): string {
  const parts = [
    ...(added > 0 ? [`${added} added`] : []),
    ...(modified > 0 ? [`${modified} modified`] : []),
    ...(removed > 0 ? [`${removed} removed`] : []),
  ];
  const files =
    added + modified + removed === 1 ? 'One file or directory' : 'Files and directories';
  return `${files}: ${parts.join(', ')}.`;
}

/** What a patch would hold, and what it leaves out. */
export function patchText({
  added,
  modified,
  removed,
  inSources,
}: Omit<ShellChanges, 'paths'>): string {
  const others = added + modified + removed - inSources;
  if (inSources === 0) return 'None of the changes is in the sources: a patch would be empty.';
  const said = `${filesText(inSources)} of the sources, as a diff beside the derivation.`;
  if (others === 0) return said;
  return `${said} ${filesText(others)} elsewhere ${others === 1 ? 'is' : 'are'} left out.`;
}

function filesText(count: number): string {
  return count === 1 ? 'One file' : `${count} files`;
}

/** Why a snapshot cannot have this name; null where it can. The engine has the same rule, and knows the names in use. */
export function nameProblem(name: string): string | null {
  const trimmed = name.trim();
  if (trimmed === '') return 'A snapshot needs a name.';
  if (trimmed === 'last') return 'This name stands for the newest run.';
  if (!/^[A-Za-z][\w.-]*$/.test(trimmed)) {
    return 'A name begins with a letter and has letters, digits, dots, hyphens and underscores.';
  }
  return null;
}

/** Why a patch cannot be written under this name; null where it can. It lies beside the derivation and nowhere else. */
export function patchProblem(file: string): string | null {
  const trimmed = file.trim();
  if (!/\.(?:patch|diff)$/.test(trimmed)) return 'The name of a patch ends in .patch or .diff.';
  if (/[/\0]/.test(trimmed) || trimmed.startsWith('.')) {
    return 'A file name, without a directory.';
  }
  return null;
}
