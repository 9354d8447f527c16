/**
 * The frame of a pane: its region with its name, and its header. The layout makes the frame; the pane inside adds its own
 * controls to the header with `PaneTools` and fills the rest with what it shows.
 */
import {
  createContext,
  use,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import { createPortal } from 'react-dom';
import { IconButton } from './button.tsx';
import { classNames } from './class-names.ts';
import { ChevronDownIcon, ChevronRightIcon, MaximiseIcon, RestoreIcon } from './icons.tsx';
import './pane.css';

const ToolsPlace = createContext<HTMLElement | null>(null);

export interface PaneFrameProps {
  /** The accessible name of the region, and the title. */
  readonly name: string;
  readonly icon: ReactNode;
  /** `strip`: collapsed to an upright strip at the side. */
  readonly shape: 'open' | 'header' | 'strip';
  readonly maximised: boolean;
  readonly onToggle: () => void;
  readonly onMaximise: () => void;
  readonly regionRef?: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
}

export function PaneFrame({
  name,
  icon,
  shape,
  maximised,
  onToggle,
  onMaximise,
  regionRef,
  children,
}: PaneFrameProps) {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  const open = shape === 'open';
  return (
    <section
      ref={regionRef}
      className={classNames('pane', `pane-is-${shape}`)}
      aria-label={name}
      tabIndex={-1}
    >
      <header className="pane-header" onDoubleClick={(event) => onHeader(event.target, onMaximise)}>
        {/* The other way round the button's contents would be no heading to a screen reader. */}
        <h2 className="pane-heading">
          <button
            type="button"
            className="pane-toggle"
            aria-expanded={open}
            disabled={maximised}
            onClick={onToggle}
          >
            {open ? <ChevronDownIcon /> : <ChevronRightIcon />}
            {icon}
            <span className="pane-title">{name}</span>
          </button>
        </h2>
        <div className="pane-controls">
          <div className="pane-tools" ref={setPlace} onKeyDown={stop} />
          {open ? (
            <IconButton
              label={maximised ? `Restore ${name}` : `Maximise ${name}`}
              pressed={maximised}
              onClick={onMaximise}
            >
              {maximised ? <RestoreIcon /> : <MaximiseIcon />}
            </IconButton>
          ) : null}
        </div>
      </header>
      <div className="pane-body" hidden={!open}>
        <ToolsPlace value={place}>{children}</ToolsPlace>
      </div>
    </section>
  );
}

/** Controls of a pane, shown in its header between the title and the maximise button. */
export function PaneTools({ children }: { readonly children: ReactNode }) {
  const place = use(ToolsPlace);
  return place === null ? null : createPortal(children, place);
}

/** A second row below the pane's header, for what does not fit there: searches, choices of states. */
export function PaneHeader({ children }: { readonly children: ReactNode }) {
  return <div className="pane-subheader">{children}</div>;
}

/** Double clicks on the bare header maximise; those on its controls are the controls' own. */
function onHeader(target: EventTarget, onMaximise: () => void): void {
  if (target instanceof Element && target.closest('button, input, .pane-tools > *') === null) {
    onMaximise();
  }
}

/** Keys typed in a tool's field are not shortcuts of the pane. */
function stop(event: KeyboardEvent): void {
  if (event.target instanceof HTMLInputElement) event.stopPropagation();
}
