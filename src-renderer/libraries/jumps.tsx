/** From a lookup to what it is about: the file as the phase left it, the line of the log, the place in the derivation. */
import type { LookupView } from '../../src-main/protocol/methods.ts';
import { Button } from '../look/button.tsx';
import { CodeIcon, DiffIcon, LogIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { hasFile } from '../snapshots/chosen-file.ts';
import { notify } from '../store/notices.ts';
import { showBinding, showLog, showSnapshotFile } from '../store/panes.ts';
import { useRuns } from '../store/runs.ts';

/** What a trace is of. */
export interface TraceOrigin {
  readonly run: string;
  /** Null for all phases. */
  readonly phase: string | null;
}

export function Jumps({
  lookup,
  origin,
}: {
  readonly lookup: LookupView;
  readonly origin: TraceOrigin;
}) {
  const { library, found, requestedBy } = lookup;
  const snapshot = useSnapshot(origin);
  const asker = requestedBy?.startsWith('/') === true ? requestedBy : null;
  return (
    <p className="jumps">
      {snapshot === null ? null : (
        <>
          <ToFile snapshot={snapshot} path={found} label="Show the file" />
          <ToFile snapshot={snapshot} path={asker} label="Show who asks" />
        </>
      )}
      {found === null ? (
        <>
          <InLog origin={origin} words={library.split('/').at(-1) ?? library} />
          <Button
            look="ghost"
            icon={<CodeIcon />}
            onClick={() => showBinding(places(origin.phase))}
          >
            Show the inputs in the editor
          </Button>
        </>
      ) : null}
    </p>
  );
}

/** Where a library is added, the likeliest first; and the phase that wanted it. */
function places(phase: string | null): readonly string[] {
  return [
    'runtimeDependencies',
    'buildInputs',
    'nativeBuildInputs',
    'checkInputs',
    ...(phase === null ? [] : [phase]),
  ];
}

function ToFile({
  snapshot,
  path,
  label,
}: {
  readonly snapshot: string;
  readonly path: string | null;
  readonly label: string;
}) {
  if (path?.startsWith('/') !== true) return null;
  return (
    <Button look="ghost" icon={<DiffIcon />} onClick={() => void showFileOf(snapshot, path)}>
      {label}
    </Button>
  );
}

/** A button that searches the log for what could not be loaded. */
export function InLog({ origin, words }: { readonly origin: TraceOrigin; readonly words: string }) {
  return (
    <Button
      look="ghost"
      icon={<LogIcon />}
      onClick={() => showLog(origin.run, origin.phase, words)}
    >
      Find it in the log
    </Button>
  );
}

async function showFileOf(snapshot: string, path: string): Promise<void> {
  const there = await hasFile(snapshot, path, new AbortController().signal).catch(() => false);
  if (there) showSnapshotFile(snapshot, path);
  else {
    notify({
      operation: '',
      reason: `${printable(path)} is in no layer of this state: it is an input of the build, or of the host.`,
    });
  }
}

/** The state that the traced phase, or the last of the run, has left. */
function useSnapshot({ run, phase }: TraceOrigin): string | null {
  return useRuns(({ runs }) => {
    const phases = runs.find(({ id }) => id === run)?.phases ?? [];
    const left = phases.findLast(
      (one) => one.snapshot !== null && (phase === null || one.name === phase),
    );
    return left?.snapshot ?? null;
  });
}
