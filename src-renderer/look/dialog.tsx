/**
 * A question or a sheet before the window; Escape closes it. The focus goes to its primary action, or to what there is to choose or
 * to fill in; else to the sheet itself, not to the cross: nobody opens a sheet to close it. When it closes, the focus goes back to
 * what had it, and where a menu opened the sheet, to the button of the menu.
 */
import { Dialog as Radix } from 'radix-ui';
import { useEffect, useRef, type ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { classNames } from './class-names.ts';
import { giveFocusBack } from './focus-place.ts';
import { CrossIcon } from './icons.tsx';
import './dialog.css';

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly wide?: boolean;
  /** Buttons at the foot, the one to press last. */
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

export function Dialog({
  open,
  onClose,
  title,
  description,
  wide = false,
  actions,
  children,
}: DialogProps) {
  const content = useRef<HTMLDivElement>(null);
  // The primary action may come later than the sheet: it then takes the focus that waits on the sheet.
  useEffect(() => {
    if (content.current !== null && document.activeElement === content.current) {
      firstFocus(content.current).focus();
    }
  });
  return (
    <Radix.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content
          ref={content}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            if (content.current !== null) firstFocus(content.current).focus();
          }}
          // The first Escape closes the suggestions of a field, the next the sheet.
          onEscapeKeyDown={(event) => {
            if (hasListOpen(event.target)) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            giveFocusBack();
          }}
          className={classNames('dialog', wide && 'dialog-wide')}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <header className="dialog-header">
            <Radix.Title className="dialog-title">{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label="Close">
                <CrossIcon />
              </IconButton>
            </Radix.Close>
          </header>
          {description === undefined ? null : (
            <Radix.Description className="dialog-description" asChild>
              <div>{description}</div>
            </Radix.Description>
          )}
          {children === undefined ? null : <div className="dialog-body">{children}</div>}
          {actions === undefined ? null : <footer className="dialog-actions">{actions}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function hasListOpen(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches('[role="combobox"][aria-expanded="true"]');
}

/** In the order in which they are looked for. */
const FIRST = [
  '.dialog-actions .button-primary:not(:disabled)',
  '.dialog-body :is(input, [role="radio"]):is(:checked, [aria-checked="true"])',
  '.dialog-body :is(input, textarea, select):not(:disabled)',
];

function firstFocus(content: HTMLElement): HTMLElement {
  for (const selector of FIRST) {
    const element = content.querySelector(selector);
    if (element instanceof HTMLElement) return element;
  }
  return content;
}

/** Whether something stands before the window that has the keys to itself: a dialog or the command palette. */
export function isModalOpen(): boolean {
  return document.querySelector('.scrim[data-state="open"]') !== null;
}
