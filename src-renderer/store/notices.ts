/** Short news at the foot of the window: what failed when one pressed something, what was copied. */
import { create } from 'zustand';
import type { Explained } from '../look/states.tsx';

export type Notice =
  | { readonly kind: 'error'; readonly serial: number; readonly error: Explained }
  | { readonly kind: 'news'; readonly serial: number; readonly text: string };

/** The notices on screen, the oldest first. */
export const useNotices = create<{ readonly notices: readonly Notice[] }>()(() => ({
  notices: [],
}));

const NEWS_MS = 4000;
const most = 4;
let serials = 0;

/** Shows an error until it is closed. */
export function notify(error: Explained): void {
  add({ kind: 'error', serial: (serials += 1), error });
}

/** Says something for some seconds. */
export function tell(text: string): void {
  const serial = (serials += 1);
  add({ kind: 'news', serial, text });
  setTimeout(() => dismiss(serial), NEWS_MS);
}

/** Takes a notice away. */
export function dismiss(serial: number): void {
  useNotices.setState(({ notices }) => ({
    notices: notices.filter((notice) => notice.serial !== serial),
  }));
}

function add(notice: Notice): void {
  useNotices.setState(({ notices }) => ({ notices: [...notices, notice].slice(-most) }));
}
