/**
 * Where in the window the focus was last, apart from what stands before the window for a while. Such a thing gives the focus
 * back there when it closes: what opened it, an entry of a menu or of the palette, is gone by then.
 */

const PASSING = '.dialog, .menu, .palette, .popover';

let place: HTMLElement | null = null;

/** Follows the focus through the window. */
export function followFocus(signal: AbortSignal): void {
  const follow = ({ target }: FocusEvent) => {
    if (target instanceof HTMLElement) rememberFocus(target);
  };
  document.addEventListener('focusin', follow, { capture: true, signal });
}

/** As if this had the focus: a button that opens its menu by the mouse does not get it. */
export function rememberFocus(element: HTMLElement): void {
  if (element.closest(PASSING) === null) place = element;
}

/** Gives the focus back, unless something has it. */
export function giveFocusBack(): void {
  const { activeElement } = document;
  if (activeElement !== null && activeElement !== document.body) return;
  if (place?.isConnected === true) place.focus();
}
