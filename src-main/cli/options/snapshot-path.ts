/** `SNAPSHOT:PATH`, where the snapshot may itself be `RUN:PHASE`. */

export interface SnapshotPath {
  readonly snapshot: string;
  readonly path: string;
}

/**
 * Splits at the first colon that a slash follows, as no snapshot has a slash in it: `last:buildPhase:/build/a:/b` is the
 * path `/build/a:/b`. A relative path comes after the second colon, or the only one. Null where there is no path.
 */
export function parseSnapshotPath(text: string): SnapshotPath | null {
  const [, snapshot, path] =
    /^([^/]+?):(\/[^]*)$/.exec(text) ??
    /^([^/:]+:[^/:]+):([^]+)$/.exec(text) ??
    /^([^/:]+):([^]+)$/.exec(text) ??
    [];
  return snapshot === undefined || path === undefined ? null : { snapshot, path };
}
