/**
 * The panes and where they stand: the derivation at the left, its phases above the rest, and below them the log with the shell
 * and what a state changed with its libraries. All are there at once: a packager reads the log beside the change that caused
 * it. What is not needed is collapsed to its header, and any pane fills the window at a double click.
 */
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { Fragment, useSyncExternalStore } from 'react';
import { useLayout } from '../store/layout.ts';
import type { PaneId } from '../store/panes.ts';
import { browserStorage } from '../store/stored.ts';
import { PANES } from './pane-list.tsx';
import { PanePanel } from './pane-panel.tsx';
import './workspace.css';

export function Workspace() {
  const edition = useLayout((layout) => layout.edition);
  const maximised = useLayout((layout) => layout.maximised !== null);
  return (
    <main className={maximised ? 'workspace workspace-maximised' : 'workspace'} key={edition}>
      <Sides />
    </main>
  );
}

function Sides() {
  const layout = useDefaultLayout({ id: 'sides', storage: browserStorage });
  return (
    <Group id="sides" orientation="horizontal" {...layout}>
      <PanePanel pane="editor" share={34} smallest="14rem" strip />
      <Divider between="the editor and the run" />
      <Panel id="right" className="panel" minSize="30%">
        <Right />
      </Panel>
    </Group>
  );
}

function Right() {
  const layout = useDefaultLayout({ id: 'right', storage: browserStorage });
  return (
    <Group id="right-rows" orientation="vertical" {...layout}>
      <PanePanel pane="timeline" share={34} smallest="8rem" />
      <Divider between="the timeline and the panes below" />
      <Panel id="lower" className="panel" minSize="20%">
        <Lower />
      </Panel>
    </Group>
  );
}

function Lower() {
  return useIsNarrow() ? <OneColumn /> : <TwoColumns />;
}

function TwoColumns() {
  const layout = useDefaultLayout({ id: 'lower', storage: browserStorage });
  return (
    <Group id="lower-columns" orientation="horizontal" {...layout}>
      <Panel id="told" className="panel" minSize="12rem" defaultSize="50%">
        <Column id="told" panes={['log', 'shell']} />
      </Panel>
      <Divider between="the log and the snapshots" />
      <Panel id="left-behind" className="panel" minSize="12rem" defaultSize="50%">
        <Column id="left-behind" panes={['snapshots', 'libraries']} />
      </Panel>
    </Group>
  );
}

/** In a small window two columns would be too narrow to read: one above the other, the log open. */
function OneColumn() {
  return <Column id="all" panes={['log', 'shell', 'snapshots', 'libraries']} />;
}

/** The first is open, the others are opened when they are asked for. */
function Column({ id, panes }: { readonly id: string; readonly panes: readonly PaneId[] }) {
  const layout = useDefaultLayout({ id: `column-${id}`, storage: browserStorage });
  return (
    <Group id={`column-${id}`} orientation="vertical" {...layout}>
      {panes.map((pane, index) => (
        <Fragment key={pane}>
          {index === 0 ? null : <Divider between={`${PANES[pane].name} and what is above it`} />}
          <PanePanel pane={pane} share={index === 0 ? 90 : null} smallest="6rem" />
        </Fragment>
      ))}
    </Group>
  );
}

/** In rem, so that large text makes a window small. */
const narrow = matchMedia('(width < 76rem)');

function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      narrow.addEventListener('change', changed);
      return () => narrow.removeEventListener('change', changed);
    },
    () => narrow.matches,
  );
}

function Divider({ between }: { readonly between: string }) {
  return <Separator className="divider" aria-label={`Size of ${between}`} />;
}
