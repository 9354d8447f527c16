/**
 * What the window finds in Electron beside the web: `window.strataDesktop`, given by the preload script. A browser has none.
 *
 * A connection to the engine is a MessagePort that carries the protocol's messages as text. The window asks for one with
 * `connectEngine` and gets it as a message event on `window` whose data is `enginePortMessage`, the port in `ports`.
 */
import { z } from './schema.ts';

export const enginePortMessage = 'strata:engine-port';

/** What the application's menu asks the window to do; the command palette has the same actions. */
export const desktopActionSchema = z.enum([
  'open-target',
  'save',
  'run',
  'stop',
  'palette',
  'shortcuts',
  'find',
  'format',
  'focus-editor',
  'focus-timeline',
  'focus-snapshots',
  'focus-shell',
  'focus-libraries',
  'focus-log',
  'toggle-theme',
  'welcome',
]);
export type DesktopAction = z.infer<typeof desktopActionSchema>;

/** What Electron's main process tells the window. */
export const desktopEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('action'), action: desktopActionSchema }),
  /** A link or a file the person opened and agreed to. */
  z.object({ kind: z.literal('open'), target: z.string() }),
  /**
   * The engine died. Where it is started again, `connectEngine` will reach the new one; where not, main asks the person, and
   * answers `connectEngine` once there is an engine.
   */
  z.object({ kind: z.literal('engine-lost'), exitCode: z.number(), willRestart: z.boolean() }),
]);
export type DesktopEvent = z.infer<typeof desktopEventSchema>;

export interface DesktopBridge {
  readonly connectEngine: () => void;
  /** Where a file lies that was dropped on the window or chosen in it: a `File` of the DOM. Empty for one made by the page. */
  readonly pathOf: (file: object) => string;
  /** Gives the way to stop listening. */
  readonly onEvent: (listener: (event: DesktopEvent) => void) => () => void;
}
