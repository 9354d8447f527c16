/** The controls of a log, in the header of its pane. */
import { useEffect, useState } from 'react';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { Button, IconButton } from '../look/button.tsx';
import { download } from '../look/download.ts';
import {
  ClockIcon,
  SaveIcon,
  SearchIcon,
  TimelineIcon,
  WarningIcon,
  WrapIcon,
} from '../look/icons.tsx';
import { Menu } from '../look/menu.tsx';
import { printable } from '../look/printable.ts';
import { notify } from '../store/notices.ts';
import type { LogDocument } from './log-document.ts';
import { readWholeLog } from './log-export.ts';
import type { LogPreferences } from './log-preferences.ts';
import type { TimeShown } from './log-time.ts';
import { firstError } from './marks.ts';

export function LogTools({
  log,
  name,
  timed,
  preferences,
  searching,
  onPreferences,
  onSearch,
  onGo,
}: {
  readonly log: LogDocument;
  /** Of the file it is saved as, without `.log`. */
  readonly name: string;
  /** Whether it is known when each line was printed. */
  readonly timed: boolean;
  readonly preferences: LogPreferences;
  readonly searching: boolean;
  readonly onPreferences: (preferences: LogPreferences) => void;
  readonly onSearch: (open: boolean) => void;
  readonly onGo: (line: number) => void;
}) {
  const { info, lines } = log;
  const errors = info?.marks.filter(({ kind }) => kind === 'error').length ?? 0;
  // One that printed nothing begins where the next does.
  const phases = log.phases.filter(({ line }, at) => line < (log.phases[at + 1]?.line ?? lines));
  const timeEntry = (time: TimeShown, label: string) =>
    ({
      kind: 'check',
      label,
      checked: preferences.time === time,
      act: () => onPreferences({ ...preferences, time }),
    }) as const;
  return (
    <>
      {errors === 0 ? null : (
        <Button
          look="ghost"
          className="log-errors"
          icon={<WarningIcon />}
          aria-label={`Jump to the first error of ${errors}`}
          onClick={() => onGo(firstError(info?.marks ?? []) ?? 0)}
        >
          {errors.toLocaleString('en')}
          <span className="log-errors-word">{errors === 1 ? 'error' : 'errors'}</span>
        </Button>
      )}
      {phases.length < 2 ? null : (
        <Menu
          align="end"
          entries={phases.map((phase) => ({
            kind: 'action',
            label: printable(phase.name),
            act: () => onGo(phase.line),
          }))}
        >
          <button
            type="button"
            className="icon-button"
            aria-label="Jump to a phase"
            title="Jump to a phase"
          >
            <TimelineIcon />
          </button>
        </Menu>
      )}
      <IconButton
        label="Search the log"
        keys="Ctrl F"
        pressed={searching}
        onClick={() => onSearch(!searching)}
      >
        <SearchIcon />
      </IconButton>
      <IconButton
        label="Wrap long lines"
        pressed={preferences.wrap}
        onClick={() => onPreferences({ ...preferences, wrap: !preferences.wrap })}
      >
        <WrapIcon />
      </IconButton>
      {timed ? (
        <Menu
          align="end"
          entries={[
            { kind: 'heading', label: 'Times' },
            timeEntry('none', 'None'),
            timeEntry('relative', 'Since the phase began'),
            timeEntry('absolute', 'Time of day'),
          ]}
        >
          <button type="button" className="icon-button" aria-label="Times" title="Times">
            <ClockIcon />
          </button>
        </Menu>
      ) : null}
      <SaveButton log={log} name={name} />
    </>
  );
}

function SaveButton({ log, name }: { readonly log: LogDocument; readonly name: string }) {
  const [saving, setSaving] = useState<AbortController | null>(null);
  const save = async () => {
    const abort = new AbortController();
    setSaving(abort);
    try {
      download(await readWholeLog(log, abort.signal), `${name}.log`);
    } catch (problem) {
      if (!isCancelled(problem)) notify(errorParts(problem));
    } finally {
      setSaving(null);
    }
  };
  useEffect(() => () => saving?.abort(), [saving]);
  return (
    <IconButton
      label={saving === null ? 'Save the log' : 'Stop saving'}
      pressed={saving !== null}
      disabled={log.lines === 0}
      onClick={() => (saving === null ? void save() : saving.abort())}
    >
      <SaveIcon />
    </IconButton>
  );
}
