/**
 * Menus from data: the same entries serve a button's menu and a context menu, and the command palette reads them too.
 */
import { ContextMenu as RadixContext, DropdownMenu as RadixDropdown } from 'radix-ui';
import { Fragment, useRef, type ReactElement, type ReactNode } from 'react';
import { rememberFocus } from './focus-place.ts';
import { CheckIcon, ChevronRightIcon } from './icons.tsx';
import { Keys } from './tooltip.tsx';
import './menu.css';

export type MenuEntry =
  | {
      readonly kind: 'action';
      readonly label: string;
      readonly icon?: ReactNode;
      readonly keys?: string;
      readonly disabled?: boolean;
      readonly danger?: boolean;
      readonly act: () => void;
    }
  | {
      readonly kind: 'check';
      readonly label: string;
      readonly checked: boolean;
      readonly act: () => void;
    }
  | { readonly kind: 'submenu'; readonly label: string; readonly entries: readonly MenuEntry[] }
  | { readonly kind: 'heading'; readonly label: string }
  | { readonly kind: 'separator' };

/** A button (the child) that opens a menu. */
export function Menu({
  entries,
  align = 'start',
  children,
}: {
  readonly entries: readonly MenuEntry[];
  readonly align?: 'start' | 'end';
  readonly children: ReactElement;
}) {
  const button = useRef<HTMLButtonElement>(null);
  return (
    <RadixDropdown.Root
      modal={false}
      onOpenChange={(open) => {
        if (open && button.current !== null) rememberFocus(button.current);
      }}
    >
      <RadixDropdown.Trigger ref={button} asChild>
        {children}
      </RadixDropdown.Trigger>
      <RadixDropdown.Portal>
        <RadixDropdown.Content className="menu" align={align} sideOffset={4} collisionPadding={8}>
          <Entries parts={RadixDropdown} entries={entries} />
        </RadixDropdown.Content>
      </RadixDropdown.Portal>
    </RadixDropdown.Root>
  );
}

/** The menu of what stands inside: right click, the menu key, Shift F10. */
export function ContextMenu({
  entries,
  children,
}: {
  /** Asked for when the menu opens. */
  readonly entries: () => readonly MenuEntry[];
  readonly children: ReactElement;
}) {
  return (
    <RadixContext.Root modal={false}>
      <RadixContext.Trigger asChild>{children}</RadixContext.Trigger>
      <RadixContext.Portal>
        <RadixContext.Content className="menu" collisionPadding={8}>
          <LateEntries entries={entries} />
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  );
}

function LateEntries({ entries }: { readonly entries: () => readonly MenuEntry[] }) {
  return <Entries parts={RadixContext} entries={entries()} />;
}

type Parts = typeof RadixDropdown | typeof RadixContext;

function Entries({
  parts: P,
  entries,
}: {
  readonly parts: Parts;
  readonly entries: readonly MenuEntry[];
}) {
  return entries.map((entry, index) => (
    <Fragment key={entry.kind === 'separator' ? index : `${index} ${entry.label}`}>
      <Entry parts={P} entry={entry} />
    </Fragment>
  ));
}

function Entry({ parts: P, entry }: { readonly parts: Parts; readonly entry: MenuEntry }) {
  switch (entry.kind) {
    case 'action':
      return (
        <P.Item
          className={entry.danger === true ? 'menu-item menu-item-danger' : 'menu-item'}
          disabled={entry.disabled ?? false}
          onSelect={entry.act}
        >
          <span className="menu-mark">{entry.icon}</span>
          <span className="menu-label">{entry.label}</span>
          {entry.keys === undefined ? null : <Keys keys={entry.keys} />}
        </P.Item>
      );
    case 'check':
      return (
        <P.CheckboxItem className="menu-item" checked={entry.checked} onSelect={entry.act}>
          <span className="menu-mark">{entry.checked ? <CheckIcon /> : null}</span>
          <span className="menu-label">{entry.label}</span>
        </P.CheckboxItem>
      );
    case 'submenu':
      return (
        <P.Sub>
          <P.SubTrigger className="menu-item" disabled={entry.entries.length === 0}>
            <span className="menu-mark" />
            <span className="menu-label">{entry.label}</span>
            <ChevronRightIcon />
          </P.SubTrigger>
          <P.Portal>
            <P.SubContent className="menu" collisionPadding={8}>
              <Entries parts={P} entries={entry.entries} />
            </P.SubContent>
          </P.Portal>
        </P.Sub>
      );
    case 'heading':
      return <P.Label className="menu-heading">{entry.label}</P.Label>;
    case 'separator':
      return <P.Separator className="menu-separator" />;
  }
}
