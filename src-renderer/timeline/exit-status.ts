/** Exit statuses as people know them. */

/** By number, as on Linux and macOS alike (signal(7)); the few that end builds. */
const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
};

/** `2`, or `141 (128 + SIGPIPE)`: what a shell gives for a program that a signal ended. */
export function exitStatus(exitCode: number): string {
  const signal = SIGNALS[exitCode - 128];
  if (exitCode === 127) return '127 (command not found)';
  return signal === undefined ? String(exitCode) : `${exitCode} (128 + ${signal})`;
}
