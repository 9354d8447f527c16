/**
 * Where things are below the store's root, and which names they may have.
 *
 *     snapshots/NAME/           committed
 *       snapshot.json           record.ts
 *       changes                 changes-file.ts
 *       layer/ or tree/         overlay's layer, or the copy backend's whole tree
 *       …                       what the engine put beside the tree: state, log
 *     active/KEY/               the same, being written or viewed, and
 *       owner.json              owner.ts
 *       scaffold/               what the mount needs: work directory, short names of the layers below, …
 *     active/.new-…             about to be active
 *     trash/…                   about to be gone
 *     backend.json              choose-backend.ts
 */
import { join } from 'node:path';
import { StrataError } from '../protocol/errors.ts';

export interface StoreLayout {
  readonly root: string;
  readonly snapshots: string;
  readonly active: string;
  readonly trash: string;
}

/** The store's directories. */
export function storeLayout(root: string): StoreLayout {
  return {
    root,
    snapshots: join(root, 'snapshots'),
    active: join(root, 'active'),
    trash: join(root, 'trash'),
  };
}

export const RECORD_FILE = 'snapshot.json';
export const CHANGES_FILE = 'changes';
export const OWNER_FILE = 'owner.json';
export const SCAFFOLD = 'scaffold';

/** @throws StrataError `usage` where a name or key is none. */
export function checkName(name: string): void {
  if (/^[a-z0-9][a-z0-9-]*$/.test(name) && name.length <= 200) return;
  throw new StrataError({
    code: 'usage',
    operation: 'naming a snapshot',
    reason: `${JSON.stringify(name)} is no name for a snapshot`,
    advice: 'names are lower-case letters, digits and hyphens, and begin with no hyphen',
  });
}
