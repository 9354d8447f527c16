/** Where the window was, remembered from one start to the next. */
import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';

const rectangle = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});
const schema = z.object({ bounds: rectangle, maximised: z.boolean() });

export type Rectangle = z.infer<typeof rectangle>;
export type WindowState = z.infer<typeof schema>;

export const smallest = { width: 800, height: 560 } as const;
const usual = { width: 1440, height: 900 } as const;

/** What was saved; null where nothing was, or nothing of use. */
export function readWindowState(file: string): WindowState | null {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

export function writeWindowState(file: string, state: WindowState): void {
  writeFileSync(file, JSON.stringify(state));
}

/**
 * Where the window opens: where it was if enough of it is still on a screen, else in the middle of the first one (no x and
 * y), never larger than that.
 */
export function openingBounds(
  saved: WindowState | null,
  workAreas: readonly Rectangle[],
): Partial<Pick<Rectangle, 'x' | 'y'>> & Pick<Rectangle, 'width' | 'height'> {
  const [first] = workAreas;
  const size = saved?.bounds ?? usual;
  const width = Math.max(smallest.width, Math.min(size.width, first?.width ?? usual.width));
  const height = Math.max(smallest.height, Math.min(size.height, first?.height ?? usual.height));
  if (saved === null || !workAreas.some((area) => titleReachable(saved.bounds, area))) {
    return { width, height };
  }
  return { ...saved.bounds };
}

/** Whether a hand's breadth of the title bar is on the screen, so that the window can be moved. */
function titleReachable(window: Rectangle, screen: Rectangle): boolean {
  const breadth = 120;
  const visible =
    Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x);
  return visible >= breadth && window.y >= screen.y && window.y < screen.y + screen.height - 40;
}
