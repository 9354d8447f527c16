/** How this person reads logs. */
import { useState } from 'react';
import { z } from '../../src-main/protocol/schema.ts';
import { store, stored } from '../store/stored.ts';

const preferencesSchema = z.object({
  wrap: z.boolean(),
  time: z.enum(['none', 'relative', 'absolute']),
});
export type LogPreferences = z.infer<typeof preferencesSchema>;

export function useLogPreferences(): [LogPreferences, (next: LogPreferences) => void] {
  const [preferences, setPreferences] = useState(() =>
    stored<LogPreferences>('log', preferencesSchema, { wrap: true, time: 'none' }),
  );
  return [
    preferences,
    (next) => {
      setPreferences(next);
      store('log', next);
    },
  ];
}
