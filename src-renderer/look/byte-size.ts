/** How sizes change, as people write it. */
import { formatBytes } from '../../src-main/protocol/byte-size.ts';

/** By how much something grew: `+1.2 KiB`, `−300 B`, `±0 B`. */
export function byteGrowth(bytes: number): string {
  if (bytes === 0) return '±0 B';
  return bytes > 0 ? `+${formatBytes(bytes)}` : `−${formatBytes(-bytes)}`;
}
