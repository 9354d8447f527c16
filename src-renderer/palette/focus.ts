/** Moving the keyboard's focus to a part of the window. */
import { TARGET_FIELD } from '../run-bar/target-field.tsx';

/** To what is first in a pane, or to the pane itself. */
export function focusPane(name: string): void {
  // After the pane has opened and the palette has given the focus back.
  setTimeout(() => {
    const region = document.querySelector(`section[aria-label="${CSS.escape(name)}"]`);
    if (!(region instanceof HTMLElement)) return;
    const inside = region.querySelector(
      '.pane-body [tabindex="0"], .pane-body input, .pane-body textarea, .pane-body button',
    );
    if (inside instanceof HTMLElement) inside.focus();
    else region.focus();
  }, 60);
}

/** F6: from pane to pane, as in other programs. */
export function focusNextPane(step: 1 | -1): void {
  // Behind a pane that fills the window the others take no focus.
  const regions = [...document.querySelectorAll('.run-bar, section.pane')].filter(
    (region) => region.closest('[inert]') === null,
  );
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(at + step + regions.length) % regions.length];
  if (next?.classList.contains('run-bar') === true) targetField()?.focus();
  else if (next instanceof HTMLElement) next.focus();
}

/** To the field that says what to build, with what was open before below it. */
export function focusTarget(): void {
  setTimeout(() => {
    targetField()?.focus();
    // As a person's click does, it shows the list.
    targetField()?.click();
  }, 0);
}

function targetField(): HTMLElement | null {
  return document.getElementById(TARGET_FIELD);
}
