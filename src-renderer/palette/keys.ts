/** Keys as they are called on this machine, and which of them were pressed. */

const mac = /mac/i.test(navigator.userAgent);

/** With Control, or Command on a Mac: `Ctrl K`, `⌘ K`. */
export function control(key: string): string {
  return `${mac ? '⌘' : 'Ctrl'} ${key}`;
}

export function alt(key: string): string {
  return `${mac ? '⌥' : 'Alt'} ${key}`;
}

/** Whether the modifier of {@link control} is pressed, and no other. */
export function withControl(event: KeyboardEvent): boolean {
  return (mac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey) && !event.altKey;
}
