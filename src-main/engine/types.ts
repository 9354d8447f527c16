/** The types of lower layers that the engine's answers are made of, for the fronts. */
export type {
  ComparedLibraries,
  Comparison,
  ComparedVariable,
  LogsComparison,
  Section,
} from './comparing.ts';
export type { LogDifference } from './log-comparison.ts';
export type { Collected, CollectionReport, CollectionWish } from './collect.ts';
export type { BuildWish, HeldSandbox, Plan, RunHooks } from './engine.ts';
export type { CacheExport } from './export-cache.ts';
export type { UsedCache } from './used-caches.ts';
export type { ImageExport } from './export-image.ts';
export type { ImageImport } from './import-image.ts';
export type { ExplainedSuspect, Explanation } from './explain.ts';
export type { PausedBuild } from './paused-build.ts';
export type { MountedState } from './mounted-states.ts';
export type { RecordedLog } from './recorded-logs.ts';
export type { Confirmation, ConfirmedDifference } from './confirming.ts';
export type { NixBuildHooks, NixBuildResult, NixBuildWish, PausedAnswer } from './nix-build.ts';
export type { NixLog } from './nix-log.ts';
export type { BuildLog, BuilderLine, DerivationBuild } from '../nix/build-log.ts';
export type { Transfer } from '../nix/build-transfers.ts';
export type { IgnoredSetting } from '../nix/ignored-settings.ts';
export type { PermittedOption } from '../nix/permitted-options.ts';
export type { TracedPhase } from './traced-phases.ts';
export type { Silences } from './run-silences.ts';
export type { RealisationProgress } from '../nix/realisation-progress.ts';
export type { Pause } from '../phases/breakpoints.ts';
export type { PhaseRecord } from '../phases/phase-record.ts';
export type { RunState } from '../phases/phase-store.ts';
export type { PlannedPhase } from '../phases/plan.ts';
export type { RunResult } from '../phases/run.ts';
export type { TraceKind, Tracer, Tracing } from '../phases/tracing.ts';
export type { PolicyKind } from '../sandbox/policy.ts';
export type { WayName } from '../shells/attach-ways.ts';
export type { Change, Entry } from '../snapshots/change.ts';
export type { AccessComparison } from '../trace/syscalls/comparison.ts';
export type { SyscallFindings } from './syscall-findings.ts';
export type {
  ProcessEnd,
  SyscallTrace,
  TracedProcess as SyscallProcess,
} from '../trace/syscalls/model.ts';
export type { LibraryCheck } from './check-libraries.ts';
export type { LibraryFinding } from '../trace/library-findings.ts';
export type { StaticResolution } from '../trace/static-resolution.ts';
export type { Lookup, Resolution, SearchedDirectory, TracedProcess } from '../trace/lookups.ts';
export type { LibraryDifference, LookupDifference } from '../trace/comparison.ts';
export type { SearchRow } from '../trace/aligned-search.ts';
export type { ResolutionNode } from '../trace/resolution-tree.ts';
export type { SearchedPlace } from '../trace/searched-places.ts';
