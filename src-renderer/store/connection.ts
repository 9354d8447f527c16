/** Whether the engine is there, and what it said of itself. */
import { create } from 'zustand';
import type { CallResult } from '../../src-main/protocol/methods.ts';

export interface Connection {
  /** `lost` after it had been there once. */
  readonly state: 'connecting' | 'connected' | 'lost';
  readonly hello: CallResult<'hello'> | null;
  /** Why the last attempt failed. */
  readonly problem: string | null;
}

/** The connection of this window to its engine. */
export const useConnection = create<Connection>()(() => ({
  state: 'connecting',
  hello: null,
  problem: null,
}));
