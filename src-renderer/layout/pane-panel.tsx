/** A pane in its place: resizable, collapsible to its header or to a strip, or filling the window. */
import { Suspense, useEffect, useRef, useState } from 'react';
import { Panel, usePanelRef } from 'react-resizable-panels';
import { PaneFrame } from '../look/pane.tsx';
import { Loading } from '../look/states.tsx';
import { endMaximising, toggleMaximised, useLayout } from '../store/layout.ts';
import { usePanes, type PaneId } from '../store/panes.ts';
import { PaneFault } from './pane-fault.tsx';
import { PANES } from './pane-list.tsx';

/** Height of a header with its edges, and width of a strip. */
const COLLAPSED = '2.375rem';

export interface PanePanelProps {
  readonly pane: PaneId;
  /** Share of the group in percent; null for a pane that is collapsed at first. */
  readonly share: number | null;
  readonly smallest: string;
  /** Collapses to a strip at the side instead of its header. */
  readonly strip?: boolean;
}

export function PanePanel({ pane, share, smallest, strip = false }: PanePanelProps) {
  const panel = usePanelRef();
  const region = useRef<HTMLElement>(null);
  const [collapsed, setCollapsed] = useState(share === null);
  const [seen, setSeen] = useState(share !== null);
  const { maximised } = useLayout();
  const isMaximised = maximised === pane;
  const open = !collapsed || isMaximised;

  const expand = () => {
    if (panel.current?.isCollapsed() !== true) return;
    panel.current.expand();
    // One that has never been open has no size to go back to.
    if (panel.current.getSize().asPercentage < 30) panel.current.resize(`${share ?? 55}%`);
  };
  const show = usePanes((state) => (state.show?.pane === pane ? state.show : null));
  useEffect(() => {
    if (show === null) return;
    if (useLayout.getState().maximised !== pane) endMaximising();
    expand();
    setSeen(true);
  }, [show]);
  useEffect(() => {
    if (open) setSeen(true);
  }, [open]);

  const { name, icon, Contents } = PANES[pane];
  return (
    <Panel
      id={pane}
      panelRef={panel}
      className="panel"
      collapsible
      collapsedSize={COLLAPSED}
      minSize={smallest}
      defaultSize={share === null ? COLLAPSED : `${share}%`}
      onResize={() => setCollapsed(panel.current?.isCollapsed() ?? false)}
    >
      <div
        className={isMaximised ? 'panel-place panel-place-maximised' : 'panel-place'}
        inert={maximised !== null && !isMaximised}
      >
        <PaneFrame
          name={name}
          icon={icon}
          shape={open ? 'open' : strip ? 'strip' : 'header'}
          maximised={isMaximised}
          regionRef={region}
          onToggle={() =>
            panel.current?.isCollapsed() === true ? expand() : panel.current?.collapse()
          }
          onMaximise={() => toggleMaximised(pane)}
        >
          {seen ? (
            <PaneFault name={name}>
              <Suspense fallback={<Loading label={`Loading ${name}`} />}>
                <Contents />
              </Suspense>
            </PaneFault>
          ) : null}
        </PaneFrame>
      </div>
    </Panel>
  );
}
