/** Why the set-up cannot go on, and what the person can do; its message is shown as it is, without a stack. */
export class SetUpError extends Error {
  name = 'SetUpError';
}
