/** Where the built window is: dist/window of the checkout or of the installed package. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The bundle lies in dist/ itself, this source two folders deep: both find dist/window by going up. */
export function windowDirectory(): string {
  const own = dirname(fileURLToPath(import.meta.url));
  for (let from = own; dirname(from) !== from; from = dirname(from)) {
    if (existsSync(join(from, 'package.json'))) return join(from, 'dist', 'window');
  }
  return join(own, 'window');
}
