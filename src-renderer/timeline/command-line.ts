/** A wish as the command that does the same in a terminal. */
import type { Wish } from '../../src-main/protocol/methods.ts';

/** `strata run ./hello --from installPhase`, quoted for a POSIX shell. */
export function commandLine(wish: Wish): string {
  const pairs = (option: string, values: readonly (readonly [string, string])[]) =>
    values.flatMap(([name, value]) => [option, name, value]);
  const words = [
    'strata',
    'run',
    wish.target,
    ...(wish.attribute === null ? [] : ['-A', wish.attribute]),
    ...(wish.from === null ? [] : ['--from', wish.from]),
    ...(wish.until === null ? [] : ['--until', wish.until]),
    ...wish.breakBefore.flatMap((phase) => ['--break-before', phase]),
    ...wish.breakAfter.flatMap((phase) => ['--break-after', phase]),
    ...(wish.reuse === 'smart' ? [] : ['--reuse', wish.reuse]),
    ...(wish.sandbox === 'strict' ? [] : ['--sandbox', wish.sandbox]),
    ...wish.binds.flatMap((bind) => ['--bind', bind]),
    ...(wish.network ? ['--network'] : []),
    ...wish.set.flatMap(([name, value]) => ['--set', `${name}=${value}`]),
    ...pairs('--arg', wish.args),
    ...pairs('--argstr', wish.argstrs),
    ...pairs('--option', wish.options),
    ...(wish.impure ? ['--impure'] : []),
    ...wish.trace.flatMap((kind) => ['--trace', kind]),
    ...(wish.hold ? ['--hold'] : []),
  ];
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
