// Figures from repeated runs: medians, ranges and ratios, and how people write them.

/** `{ median, min, max, count }` of some numbers; at least one. */
export function summary(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median =
    sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted.at(-1), count: sorted.length };
}

/**
 * How many times as much the first took as the second: the median of the rounds' own ratios. What slows the machine for a
 * while then slows both sides of a ratio.
 */
export function pairedRatio(ours, theirs) {
  return summary(ours.map((value, round) => value / theirs[round])).median;
}

/** Milliseconds as people write them: `4.2 ms`, `52 ms`, `1.23 s`. */
export function timeText(ms) {
  if (Math.abs(ms) < 10) return `${ms.toFixed(1)} ms`;
  return Math.abs(ms) < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** A median with its range: `52 ms (48 ms–60 ms)`. */
export function rangeText({ median, min, max, count }) {
  if (count === 1) return timeText(median);
  return `${timeText(median)} (${timeText(min)}–${timeText(max)})`;
}

/** A ratio: `0.98 ×`, `0.12 ×`, `31 ×`. */
export function ratioText(ratio) {
  return `${ratio < 0.1 ? ratio.toFixed(3) : ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0)} ×`;
}

export function memoryText(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** What a table says of a peer: its own figures, and how many times as much ours are. Both as `inTurn` measured them. */
export function peerFigures(name, ours, theirs) {
  return {
    name,
    figure: summary(theirs.ms),
    ratio: pairedRatio(ours.ms, theirs.ms),
    peakBytes: theirs.peakBytes,
  };
}
