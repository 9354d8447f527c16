/**
 * Tabs of things one opened: files, terminals. The arrow keys go along them; Delete and the middle button close one. The
 * caller puts its contents inside as `ClosableTabPanel`.
 */
import { Tabs as Radix } from 'radix-ui';
import { useEffect, useRef, type ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { classNames } from './class-names.ts';
import { CrossIcon } from './icons.tsx';
import './closable-tabs.css';

export interface ClosableTab {
  readonly value: string;
  /** Said and shown. */
  readonly label: string;
  /** Says more, when one points at it. */
  readonly title?: string;
  readonly icon?: ReactNode;
  /** A dot: unsaved text, a shell that ended. The word is for who cannot see it. */
  readonly mark?: { readonly says: string; readonly quiet?: boolean } | null;
}

export function ClosableTabs({
  label,
  tabs,
  value,
  onChange,
  onClose,
  tools,
  children,
}: {
  /** The accessible name of the row. */
  readonly label: string;
  readonly tabs: readonly ClosableTab[];
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onClose: (value: string) => void;
  /** Controls at the end of the row. */
  readonly tools?: ReactNode;
  readonly children?: ReactNode;
}) {
  const chosen = tabs.find((tab) => tab.value === value);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const row = list.current;
    if (row === null) return;
    const reveal = () =>
      row
        .querySelector('[data-state="active"]')
        ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    reveal();
    // The row may become narrower, or was not there to be seen.
    const observer = new ResizeObserver(reveal);
    observer.observe(row);
    return () => observer.disconnect();
  }, [value, tabs.length]);
  return (
    <Radix.Root className="tabs" value={value} onValueChange={onChange}>
      <div className="closable-tabs">
        <Radix.List ref={list} className="closable-tab-list" aria-label={label}>
          {tabs.map((tab) => (
            <Radix.Trigger
              key={tab.value}
              className="closable-tab"
              value={tab.value}
              title={tab.title}
              aria-keyshortcuts="Delete"
              onKeyDown={(event) => {
                if (event.key === 'Delete') onClose(tab.value);
              }}
              onAuxClick={(event) => {
                if (event.button === 1) onClose(tab.value);
              }}
            >
              {tab.icon}
              <span className="closable-tab-label">{tab.label}</span>
              {tab.mark === undefined || tab.mark === null ? null : (
                <span
                  className={classNames('tab-mark', tab.mark.quiet === true && 'tab-mark-quiet')}
                >
                  <span className="visually-hidden">{`, ${tab.mark.says}`}</span>
                </span>
              )}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {chosen === undefined ? null : (
          <IconButton label={`Close ${chosen.label}`} onClick={() => onClose(chosen.value)}>
            <CrossIcon />
          </IconButton>
        )}
        <span className="toolbar-space" />
        {tools}
      </div>
      {children}
    </Radix.Root>
  );
}

/** What a tab shows. It stays mounted while another is chosen: a terminal keeps its screen. */
export function ClosableTabPanel({
  value,
  children,
}: {
  readonly value: string;
  readonly children: ReactNode;
}) {
  return (
    <Radix.Content className="closable-tab-panel" value={value} tabIndex={-1} forceMount>
      {children}
    </Radix.Content>
  );
}
