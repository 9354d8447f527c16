/** What the window remembers between its starts, in the browser's own storage. A broken or forbidden store is an empty one. */
import type { z } from '../../src-main/protocol/schema.ts';

interface KeyValues {
  readonly getItem: (key: string) => string | null;
  readonly setItem: (key: string, value: string) => void;
}

/** Read at each use: where it is forbidden, the getter throws. The tests' Node has none. */
const storage = () => (globalThis as { readonly localStorage?: KeyValues }).localStorage;

export function stored<T>(key: string, schema: z.ZodType<T>, otherwise: T): T {
  try {
    const text = storage()?.getItem(`strata.${key}`) ?? null;
    return text === null ? otherwise : (schema.safeParse(JSON.parse(text)).data ?? otherwise);
  } catch {
    return otherwise;
  }
}

export function store(key: string, value: unknown): void {
  try {
    storage()?.setItem(`strata.${key}`, JSON.stringify(value));
  } catch {
    // Private windows may forbid it, and a full store is no reason to stop.
  }
}
