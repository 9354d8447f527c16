/** Sizes as people write them, in binary units: `0 B`, `999 B`, `1.0 KiB`, `12.3 GiB`. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function byteSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  let value = bytes;
  let unit = 0;
  while (value >= 1023.95 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

/** By how much something grew: `+1.2 KiB`, `−300 B`, `±0 B`. */
export function byteGrowth(bytes: number): string {
  if (bytes === 0) return '±0 B';
  return bytes > 0 ? `+${byteSize(bytes)}` : `−${byteSize(-bytes)}`;
}
