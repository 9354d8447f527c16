/**
 * How wide blocks are. Widths follow times, but no block is narrower than what can be read and hit; so a lane is laid out block
 * after block, and there is no common axis of time, only a scale.
 *
 * Lengths are CSS pixels, times milliseconds.
 */

/** What a block needs: the time it stands for, and the width at which its words can be read whole. */
export interface Measure {
  readonly ms: number;
  readonly natural: number;
  /** Whether its words give way first: it did nothing. */
  readonly quiet: boolean;
}

export interface Scale {
  readonly pixelsPerMs: number;
  /** How much of its natural width a short block gets: 1 where there is room for all. */
  readonly squeeze: number;
  /** The same for the quiet ones. */
  readonly quietSqueeze: number;
  /** What a mark alone takes: no block is narrower. */
  readonly narrowest: number;
}

export interface Placed {
  readonly x: number;
  readonly width: number;
}

/** Where these blocks stand, with a gap between them. */
export function placed(blocks: readonly Measure[], scale: Scale, gap: number): readonly Placed[] {
  let x = 0;
  return blocks.map(({ ms, natural, quiet }) => {
    const least = Math.max(scale.narrowest, natural * (quiet ? scale.quietSqueeze : scale.squeeze));
    const place = { x, width: Math.max(least, ms * scale.pixelsPerMs) };
    x += place.width + gap;
    return place;
  });
}

export function laneWidth(blocks: readonly Measure[], scale: Scale, gap: number): number {
  const last = placed(blocks, scale, gap).at(-1);
  return last === undefined ? 0 : last.x + last.width;
}

/** Words may take this share of the width; the rest tells times apart. Where they have to be cut, they take nearly all. */
const WORDS_SHARE = 0.86;
const CUT_WORDS_SHARE = 0.97;

/** The scale at which the widest of these lanes just fills `width`. */
export function fittingScale(
  lanes: readonly (readonly Measure[])[],
  width: number,
  { gap, narrowest }: { readonly gap: number; readonly narrowest: number },
): Scale {
  const widest = (scale: Omit<Scale, 'narrowest'>) =>
    Math.max(0, ...lanes.map((lane) => laneWidth(lane, { ...scale, narrowest }, gap)));
  const fits = (squeeze: number, quietSqueeze: number, share = WORDS_SHARE) =>
    widest({ pixelsPerMs: 0, squeeze, quietSqueeze }) <= width * share;
  const quietSqueeze = largest(1, (part) => fits(1, part));
  const squeeze = largest(1, (part) =>
    fits(part, quietSqueeze, fits(1, quietSqueeze) ? WORDS_SHARE : CUT_WORDS_SHARE),
  );
  const longest = Math.max(0, ...lanes.flat().map(({ ms }) => ms));
  const pixelsPerMs =
    longest === 0
      ? 0
      : largest(
          width / longest,
          (pixels) => widest({ pixelsPerMs: pixels, squeeze, quietSqueeze }) <= width,
        );
  return { pixelsPerMs, squeeze, quietSqueeze, narrowest };
}

/** The largest number up to `most` that fits; widths grow without jumps, so halving finds it. Finer than a pixel. */
function largest(most: number, fits: (number: number) => boolean): number {
  if (fits(most)) return most;
  let low = 0;
  let high = most;
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** A round time whose bar is at most `longest` pixels: 1, 2 or 5 times a power of ten; null where the scale has no times. */
export function scaleBar(
  pixelsPerMs: number,
  longest: number,
): { readonly ms: number; readonly width: number } | null {
  if (pixelsPerMs <= 0) return null;
  const room = longest / pixelsPerMs;
  const power = 10 ** Math.floor(Math.log10(room));
  const ms = (room / power >= 5 ? 5 : room / power >= 2 ? 2 : 1) * power;
  return { ms, width: ms * pixelsPerMs };
}

export const ZOOM_STEP = 1.35;
const mostZoom = 400;

export function zoomed(zoom: number, factor: number): number {
  return Math.min(mostZoom, Math.max(1, zoom * factor));
}

/** The scroll position that keeps the point `at` of the view (pixels from its left edge) in place after a zoom. */
export function scrollAfterZoom(scroll: number, at: number, before: number, after: number): number {
  return before === 0 ? 0 : Math.max(0, ((scroll + at) * after) / before - at);
}
