/** What is typed to run a phase. Its name is the derivation's, and may be whatever a word of `phases` can be. */
export function runPhaseCommand(name: string): string {
  if (/^[\w.:@%+/-]+$/.test(name)) return `runPhase ${name}`;
  // A terminal takes control characters for keys, so that none is typed: bash makes them of their numbers.
  const inQuotes = name.replace(
    /[\\'\p{Cc}]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `runPhase $'${inQuotes}'`;
}
