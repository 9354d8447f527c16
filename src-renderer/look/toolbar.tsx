/** A row of controls: Tab enters it once, the arrow keys go along it. */
import { Toolbar as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import './toolbar.css';

export function Toolbar({
  label,
  children,
}: {
  /** The accessible name. */
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    <Radix.Root className="toolbar" aria-label={label}>
      {children}
    </Radix.Root>
  );
}

/** Around a button or a field of a toolbar, so that the arrow keys reach it. */
export function ToolbarItem({ children }: { readonly children: ReactNode }) {
  return <Radix.Button asChild>{children}</Radix.Button>;
}

export function ToolbarSeparator() {
  return <Radix.Separator className="toolbar-separator" />;
}

/** Takes the room that is left. */
export function ToolbarSpace() {
  return <span className="toolbar-space" />;
}
