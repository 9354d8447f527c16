/** The Libraries pane: what the programs of a phase looked for, shared libraries and other files, and what was not there. */
import { useEffect, useState, type ReactNode } from 'react';
import { IconButton } from '../look/button.tsx';
import { FileIcon, LibraryIcon } from '../look/icons.tsx';
import { PaneTools } from '../look/pane.tsx';
import { EmptyState } from '../look/states.tsx';
import { TabContent, Tabs } from '../look/tabs.tsx';
import { useExplanation } from '../store/explanation.ts';
import { useImportedTrace } from '../store/imported-trace.ts';
import { isLive, useJob } from '../store/job.ts';
import { showTraceQuestion } from '../store/overlays.ts';
import { useSelection } from '../store/selection.ts';
import { ImportedView } from './imported-view.tsx';
import { ExplanationView } from './explanation-view.tsx';
import { LibrariesTab } from './libraries-tab.tsx';
import { SyscallsTab } from './syscalls-tab.tsx';
import './libraries.css';

const TABS = [
  { value: 'libraries', label: 'Libraries' },
  { value: 'syscalls', label: 'System calls' },
  { value: 'explanation', label: 'Explanation' },
] as const;
type Tab = (typeof TABS)[number]['value'];

export function LibrariesPane() {
  const imported = useImportedTrace(({ state }) => state);
  return (
    <>
      <PaneTools>
        <IconButton label="Open a trace" onClick={() => showTraceQuestion(true)}>
          <FileIcon />
        </IconButton>
      </PaneTools>
      {imported.kind === 'none' ? <Selected /> : <ImportedView state={imported} />}
    </>
  );
}

/** What was traced of the selected run. */
function Selected() {
  const { run, phase } = useSelection();
  const live = useJob(({ job }) => isLive(job) && job.run === run);
  const asked = useExplanation(({ serial }) => serial);
  const [tab, setTab] = useState<Tab>(asked > 0 ? 'explanation' : 'libraries');
  useEffect(() => {
    if (asked > 0) setTab('explanation');
  }, [asked]);
  if (run === null) {
    return (
      <EmptyState icon={<LibraryIcon />} title="No phase is chosen">
        Choose a phase in the timeline to see what its programs looked for, or drop a trace here.
      </EmptyState>
    );
  }
  const ended = (contents: ReactNode): ReactNode =>
    live ? (
      <EmptyState icon={<LibraryIcon />} title="The run goes on">
        What its programs looked for is here when it has ended.
      </EmptyState>
    ) : (
      contents
    );
  return (
    <Tabs label="What was traced" items={TABS} value={tab} onChange={setTab}>
      <TabContent value="libraries">{ended(<LibrariesTab run={run} phase={phase} />)}</TabContent>
      <TabContent value="syscalls">{ended(<SyscallsTab run={run} phase={phase} />)}</TabContent>
      <TabContent value="explanation">{ended(<ExplanationView />)}</TabContent>
    </Tabs>
  );
}
