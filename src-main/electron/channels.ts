/** The names of the messages between main and preload. There are no others. */
export const channels = {
  /** Preload to main: the window wants a connection to the engine. */
  connectEngine: 'strata:connect-engine',
  /** Main to preload, and preload to its page (`enginePortMessage`), with the port. */
  enginePort: 'strata:engine-port',
  /** Main to preload: a `DesktopEvent`. */
  event: 'strata:event',
} as const;
