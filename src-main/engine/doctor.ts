/**
 * What this machine offers: every ability Strata uses is tried, not looked up, and each finding says what works without
 * it and how to get it. All probes run in parallel; a healthy machine takes a fraction of a second.
 */
import { probeOverlay as tryOverlay } from '../snapshots/overlay-probe.ts';
import type { Finding } from './doctor-finding.ts';
import { examineNamespaces } from './doctor-namespaces.ts';
import { examineNix } from './doctor-nix.ts';
import { examineStorage, type ProbeOverlay } from './doctor-storage.ts';
import { examineTools } from './doctor-tools.ts';

export type { Finding } from './doctor-finding.ts';

export interface Examination {
  /** Where snapshots are kept, or would be. Absolute; need not exist. */
  readonly cacheRoot: string;
  /** The snapshots' own where absent. */
  readonly probeOverlay?: ProbeOverlay;
}

/** Gives the findings in the order to show them; leaves nothing behind. Never throws for what a machine lacks. */
export async function examine({
  cacheRoot,
  probeOverlay = tryOverlay,
}: Examination): Promise<readonly Finding[]> {
  const [nix, namespaces, storage, tools] = await Promise.all([
    examineNix(),
    examineNamespaces(),
    examineStorage(cacheRoot, probeOverlay),
    examineTools(),
  ]);
  return [...nix, namespaces, ...storage, ...tools];
}

/** Whether nothing that building needs is missing. */
export function canBuild(findings: readonly Finding[]): boolean {
  return findings.every(({ required, status }) => !required || status !== 'missing');
}
