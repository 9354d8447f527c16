/** What the window remembers between its starts, in the browser's own storage. A broken or forbidden store is an empty one. */
import type { z } from '../../src-main/protocol/schema.ts';

interface KeyValues {
  readonly getItem: (key: string) => string | null;
  readonly setItem: (key: string, value: string) => void;
  readonly removeItem: (key: string) => void;
}

/** The browser's storage by its own keys, for those who keep things there by themselves. It never throws. */
export const browserStorage: KeyValues = {
  getItem: (key) => unlessForbidden((storage) => storage.getItem(key)) ?? null,
  // Private windows may forbid it, and a full store is no reason to stop.
  setItem: (key, value) => unlessForbidden((storage) => storage.setItem(key, value)),
  removeItem: (key) => unlessForbidden((storage) => storage.removeItem(key)),
};

/** The keys of the browser's storage that begin so. */
export function storedKeys(prefix: string): readonly string[] {
  const keys = unlessForbidden((storage) => Object.keys(storage)) ?? [];
  return keys.filter((key) => key.startsWith(prefix));
}

/** What was stored under a key, or `otherwise` where there is nothing that the schema understands. */
export function stored<T>(key: string, schema: z.ZodType<T>, otherwise: T): T {
  const text = browserStorage.getItem(`strata.${key}`);
  if (text === null) return otherwise;
  try {
    return schema.safeParse(JSON.parse(text)).data ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** Remembers a value, as JSON. */
export function store(key: string, value: unknown): void {
  browserStorage.setItem(`strata.${key}`, JSON.stringify(value));
}

/** Storage is taken anew at each use: where it is forbidden, the getter throws. The tests' Node has none. */
function unlessForbidden<T>(use: (storage: KeyValues) => T): T | undefined {
  try {
    const storage = (globalThis as { readonly localStorage?: KeyValues }).localStorage;
    return storage === undefined ? undefined : use(storage);
  } catch {
    return undefined;
  }
}
