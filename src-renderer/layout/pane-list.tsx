/** The panes: their names, signs and contents, which are loaded when they are first shown. */
import { lazy, type ComponentType, type ReactNode } from 'react';
import {
  CodeIcon,
  DiffIcon,
  LibraryIcon,
  LogIcon,
  TerminalIcon,
  TimelineIcon,
} from '../look/icons.tsx';
import { LibrariesPane } from '../libraries/libraries-pane.tsx';
import type { PaneId } from '../store/panes.ts';
import { LogPlace } from '../nix-builds/log-place.tsx';
import { TimelinePane } from '../nix-builds/timeline-pane.tsx';

export interface PaneEntry {
  /** The accessible name of its region. */
  readonly name: string;
  readonly icon: ReactNode;
  readonly Contents: ComponentType;
}

const SnapshotBrowser = lazy(async () => ({
  default: (await import('../snapshots/snapshot-browser.tsx')).SnapshotBrowser,
}));
const DerivationEditor = lazy(async () => ({
  default: (await import('../editor/derivation-editor.tsx')).DerivationEditor,
}));
const ShellPane = lazy(async () => ({
  default: (await import('../shell/shell-pane.tsx')).ShellPane,
}));

export const PANES: Readonly<Record<PaneId, PaneEntry>> = {
  editor: { name: 'Derivation editor', icon: <CodeIcon />, Contents: DerivationEditor },
  timeline: { name: 'Phase timeline', icon: <TimelineIcon />, Contents: TimelinePane },
  log: { name: 'Log', icon: <LogIcon />, Contents: LogPlace },
  shell: { name: 'Shell', icon: <TerminalIcon />, Contents: ShellPane },
  snapshots: { name: 'Snapshot browser', icon: <DiffIcon />, Contents: SnapshotBrowser },
  libraries: { name: 'Libraries', icon: <LibraryIcon />, Contents: LibrariesPane },
};

/** In the order of the keys that lead to them. */
export const PANE_ORDER: readonly PaneId[] = [
  'editor',
  'timeline',
  'log',
  'shell',
  'snapshots',
  'libraries',
];
