/** `snapshot.json`: what a snapshot is made of. Written once, when it begins; never changed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { RECORD_FILE } from './store-layout.ts';

const RECORD_SCHEMA = 1;

export type BackendName = 'overlay' | 'copy';

export interface SnapshotRecord {
  readonly backend: BackendName;
  /**
   * The parent, its parent and so on to the first. It can be kept here because no snapshot with children is ever removed,
   * and one read then tells all that a mount needs.
   */
  readonly lineage: readonly Ancestor[];
}

export interface Ancestor {
  readonly name: string;
  readonly backend: BackendName;
}

/** The name of the directory that holds the files, in a snapshot of a backend. */
export function treeName(backend: BackendName): string {
  return backend === 'overlay' ? 'layer' : 'tree';
}

/** The name of the parent. */
export function parentOf(record: SnapshotRecord): string | null {
  return record.lineage[0]?.name ?? null;
}

export function encodeRecord(record: SnapshotRecord): string {
  return `${JSON.stringify({ schema: RECORD_SCHEMA, ...record })}\n`;
}

/**
 * Reads the record in a snapshot's directory; undefined where there is no such directory or no record in it.
 *
 * @throws StrataError `format` where it is damaged or of another version.
 */
export function readRecord(directory: string): SnapshotRecord | undefined {
  const path = join(directory, RECORD_FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const record = parseRecord(text);
  if (record !== undefined) return record;
  throw new StrataError({
    code: 'format',
    operation: `reading ${path}`,
    reason: `it is no record of version ${RECORD_SCHEMA}`,
    advice: 'use the version of Strata that made it, or remove the directory',
  });
}

function parseRecord(text: string): SnapshotRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value['schema'] !== RECORD_SCHEMA) return undefined;
  const { backend, lineage } = value;
  if (!isBackend(backend) || !Array.isArray(lineage)) return undefined;
  const ancestors = lineage.filter(isAncestor);
  return ancestors.length === lineage.length ? { backend, lineage: ancestors } : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isBackend(value: unknown): value is BackendName {
  return value === 'overlay' || value === 'copy';
}

function isAncestor(value: unknown): value is Ancestor {
  return isObject(value) && typeof value['name'] === 'string' && isBackend(value['backend']);
}
