/** A short text on what one points at or has the focus on. */
import { Tooltip as Radix } from 'radix-ui';
import { useEffect, type FocusEvent, type ReactElement, type ReactNode } from 'react';
import './tooltip.css';

export interface TooltipProps {
  readonly text: ReactNode;
  readonly keys?: string;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  readonly children: ReactElement;
}

export function Tooltip({ text, keys, side = 'bottom', children }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild onFocus={stayClosedUnlessWalked}>
        {children}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="tooltip" side={side} sideOffset={6} collisionPadding={8}>
          {text}
          {keys === undefined ? null : <Keys keys={keys} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Keys that move the focus from one control to another, within a row of tools or among all. */
const WALKING_KEYS: ReadonlySet<string> = new Set([
  'Tab',
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'Home',
  'End',
]);

/** The key pressed last; null after the pointer was. */
let lastKey: string | null = null;

/**
 * Radix opens a tooltip on any focus. One that a sheet gives to its first control as it opens, or gives back as it closes, is no
 * question about that control: only the keys that walk from one to the next ask.
 */
function stayClosedUnlessWalked(event: FocusEvent<HTMLElement>): void {
  const isWalked = lastKey !== null && WALKING_KEYS.has(lastKey);
  if (!isWalked || !event.currentTarget.matches(':focus-visible')) event.preventDefault();
}

/** One of these stands around the whole window. */
export function TooltipProvider({ children }: { readonly children: ReactNode }) {
  useEffect(() => {
    const gone = new AbortController();
    const options = { capture: true, signal: gone.signal };
    window.addEventListener('keydown', ({ key }) => (lastKey = key), options);
    window.addEventListener('pointerdown', () => (lastKey = null), options);
    return () => gone.abort();
  }, []);
  return (
    <Radix.Provider delayDuration={500} skipDelayDuration={300} disableHoverableContent>
      {children}
    </Radix.Provider>
  );
}

/** Keys as caps: `Ctrl K`, parts apart by spaces. */
export function Keys({ keys }: { readonly keys: string }) {
  return (
    <span className="keys">
      {keys.split(' ').map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
