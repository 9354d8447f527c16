/** What `strata export oci` wrote. */
import type { ImageExport } from '../../engine/types.ts';
import { formatBytes } from '../../protocol/byte-size.ts';
import { terminalText } from '../terminal/terminal-text.ts';
import type { Style } from '../terminal/style.ts';

export function renderImageExport(exported: ImageExport, style: Style): readonly string[] {
  const { destination, layers, bytes, digest, missingHostPaths, leftOut, podman } = exported;
  const sockets =
    leftOut.length === 0
      ? []
      : [`left out, as no image holds sockets: ${terminalText(leftOut.join(', '), 'drop')}`];
  const host =
    missingHostPaths.length === 0
      ? []
      : [
          `not in it, and shown from this host: ${missingHostPaths.join(', ')} (--host-paths puts them in)`,
        ];
  return [
    `wrote ${destination}: ${layers} layers, ${formatBytes(bytes)}`,
    style.dim(digest),
    ...sockets,
    ...host,
    '',
    'Open a shell in the state:',
    '',
    `    ${podman}`,
  ];
}
