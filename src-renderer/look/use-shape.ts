/** Whether there is room for two things beside each other; else one stands below the other. */
import { useAtLeast } from './use-at-least.ts';

export type Shape = 'wide' | 'narrow';

/**
 * The shape of an element, and what is to be given its ref.
 *
 * @param least width at which it is wide (CSS pixels)
 */
export function useShape(least: number): [Shape, (element: HTMLElement | null) => void] {
  const [isWide, measured] = useAtLeast('width', least, false);
  return [isWide ? 'wide' : 'narrow', measured];
}
