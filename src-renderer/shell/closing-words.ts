/** The words of the question about a shell's changes, and which names it accepts. */
import type { ShellChanges } from './shells.ts';

/** `2 files added, 1 removed.` */
export function changesText({ added, modified, removed }: ShellChanges): string {
  const parts = [
    ...(added > 0 ? [`${added} added`] : []),
    ...(modified > 0 ? [`${modified} modified`] : []),
    ...(removed > 0 ? [`${removed} removed`] : []),
  ];
  const files =
    added + modified + removed === 1 ? 'One file or directory' : 'Files and directories';
  return `${files}: ${parts.join(', ')}.`;
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
