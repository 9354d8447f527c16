/**
 * What the fronts ask of the engine: each method with the schemas of its parameters and of what comes back. They are written
 * down by subject, in methods/.
 */
import { explainingStreams } from './methods/explaining.ts';
import { filesCalls, filesStreams } from './methods/files.ts';
import { importsCalls } from './methods/imports.ts';
import { languageCalls, languageStreams } from './methods/language.ts';
import { leavingCalls, leavingStreams } from './methods/leaving.ts';
import { librariesCalls } from './methods/libraries.ts';
import { logsCalls } from './methods/logs.ts';
import { runningCalls, runningStreams, tracerSchema } from './methods/running.ts';
import { nixBuildsCalls, nixBuildsStreams } from './methods/nix-builds.ts';
import { none } from './methods/shapes.ts';
import { shellsCalls, shellsStreams } from './methods/shells.ts';
import { snapshotsCalls } from './methods/snapshots.ts';
import { syscallsCalls } from './methods/syscalls.ts';
import { z } from './schema.ts';

export type { ExplanationView } from './methods/explaining.ts';
export {
  completionKinds,
  type Completion,
  type Diagnostic,
  type LanguageItem,
  type TextRange,
} from './methods/language.ts';
export {
  noWish,
  wishSchema,
  type JobEvent,
  type PhaseRunView,
  type Run,
  type Wish,
} from './methods/running.ts';
export {
  noNixBuildWish,
  type ConfirmationView,
  type DerivationBuildView,
  type NixBuildEvent,
  type NixBuildWish,
  type PausedBuildView,
  type PermittedOptionView,
  type TransferView,
} from './methods/nix-builds.ts';
export type { ImportedTrace } from './methods/imports.ts';
export type {
  LibrariesView,
  LibraryDifferenceView,
  LookupView,
  TracedProcessView,
  TraceSource,
} from './methods/libraries.ts';
export type { Changes, Snapshot } from './methods/snapshots.ts';
export type { NixShellPhase, NixShellWork } from './methods/shells.ts';
export type { SyscallsView } from './methods/syscalls.ts';

export const calls = {
  hello: {
    params: none,
    result: z.object({
      version: z.string(),
      cacheDirectory: z.string(),
      backend: z.string(),
      backendReason: z.string(),
      nix: z.string().nullable(),
      directory: z.string(),
      examples: z.array(z.object({ name: z.string(), path: z.string(), says: z.string() })),
      /** Programs found on PATH: nixfmt, alejandra, nil, nixd. */
      tools: z.array(z.string()),
      /** What system calls can be traced with here, the first choice first. */
      tracers: z.array(tracerSchema),
    }),
  },
  ...runningCalls,
  ...nixBuildsCalls,
  ...snapshotsCalls,
  ...logsCalls,
  ...librariesCalls,
  ...syscallsCalls,
  ...importsCalls,
  ...shellsCalls,
  ...leavingCalls,
  ...filesCalls,
  ...languageCalls,
} as const;

export const streams = {
  ...runningStreams,
  ...nixBuildsStreams,
  ...shellsStreams,
  ...languageStreams,
  ...filesStreams,
  ...explainingStreams,
  ...leavingStreams,
} as const;

export type CallName = keyof typeof calls;
export type CallParams<Name extends CallName> = z.input<(typeof calls)[Name]['params']>;
export type CallResult<Name extends CallName> = z.output<(typeof calls)[Name]['result']>;
export type StreamName = keyof typeof streams;
export type StreamParams<Name extends StreamName> = z.input<(typeof streams)[Name]['params']>;
export type StreamItem<Name extends StreamName> = z.output<(typeof streams)[Name]['item']>;
