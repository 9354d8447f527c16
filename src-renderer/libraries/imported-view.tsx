/** A trace from files, in the place of what is selected, until it is closed. */
import { useState } from 'react';
import { IconButton } from '../look/button.tsx';
import { CrossIcon, FileIcon } from '../look/icons.tsx';
import { PaneHeader } from '../look/pane.tsx';
import { printable } from '../look/printable.ts';
import { EmptyState, ErrorState, Loading } from '../look/states.tsx';
import { TabContent, Tabs } from '../look/tabs.tsx';
import { closeImportedTrace, type ImportState } from '../store/imported-trace.ts';
import { TracedLibraries } from './traced-libraries.tsx';
import { TracedSyscalls } from './traced-syscalls.tsx';

type Shown = Exclude<ImportState, { readonly kind: 'none' }>;

export function ImportedView({ state }: { readonly state: Shown }) {
  return (
    <div className="imported">
      <PaneHeader>
        <FileIcon />
        <span className="imported-name">{printable(state.name)}</span>
        <span className="imported-says">imported trace</span>
        <IconButton label="Close the imported trace" onClick={closeImportedTrace}>
          <CrossIcon />
        </IconButton>
      </PaneHeader>
      <Contents state={state} />
    </div>
  );
}

function Contents({ state }: { readonly state: Shown }) {
  switch (state.kind) {
    case 'reading': {
      const { share } = state;
      const part = share === null ? '' : `, ${Math.floor(share * 100)} %`;
      return (
        <Loading label={share === null ? 'Reading the trace' : `Taking the files over${part}`} />
      );
    }
    case 'failed':
      return <ErrorState error={state.error} />;
    case 'there':
      return <Trace trace={state.trace} paths={state.paths} />;
  }
}

function Trace({ trace, paths }: Pick<Extract<Shown, { kind: 'there' }>, 'trace' | 'paths'>) {
  const { libraries, syscalls } = trace;
  const [tab, setTab] = useState<'libraries' | 'syscalls'>(
    libraries === null ? 'syscalls' : 'libraries',
  );
  const lines = (libraries?.notUnderstood ?? 0) + (syscalls?.notUnderstood ?? 0);
  return (
    <>
      <Tabs
        label="What was traced"
        items={[
          ...(libraries === null ? [] : [{ value: 'libraries' as const, label: 'Libraries' }]),
          ...(syscalls === null ? [] : [{ value: 'syscalls' as const, label: 'System calls' }]),
        ]}
        value={tab}
        onChange={setTab}
      >
        {libraries === null ? null : (
          <TabContent value="libraries">
            {libraries.processes.length === 0 ? (
              <EmptyState title="No lookups">The files tell of no process.</EmptyState>
            ) : (
              <TracedLibraries libraries={libraries} of={{ paths: [...paths] }} />
            )}
          </TabContent>
        )}
        {syscalls === null ? null : (
          <TabContent value="syscalls">
            <TracedSyscalls syscalls={syscalls} />
          </TabContent>
        )}
      </Tabs>
      {lines === 0 ? null : (
        <p className="imported-rest" role="status">
          {lines.toLocaleString('en')} {lines === 1 ? 'line was' : 'lines were'} not understood
        </p>
      )}
    </>
  );
}
