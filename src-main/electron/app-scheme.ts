/**
 * `app://strata/…`: the window's files. A scheme of our own is an origin of its own, which `file://` is not; nothing but the
 * built window is below it.
 */
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { protocol } from 'electron';
import { contentSecurityPolicy } from '../protocol/content-security-policy.ts';
import { isSystemError } from '../protocol/errors.ts';

export const appOrigin = 'app://strata';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** To be called before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

/** Serves the files below `directory` once the app is ready. */
export function serveAppScheme(directory: string): void {
  protocol.handle('app', async (request) => answer(directory, request));
}

async function answer(directory: string, request: Request): Promise<Response> {
  const file = request.method === 'GET' ? fileOf(directory, request.url) : null;
  if (file === null) return plain(404);
  try {
    return new Response(new Uint8Array(await readFile(file)), {
      headers: {
        'content-type': types[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
      },
    });
  } catch (error) {
    if (isSystemError(error) && ['ENOENT', 'EISDIR', 'ENOTDIR'].includes(error.code ?? '')) {
      return plain(404);
    }
    throw error;
  }
}

/** The file an address names; null where it is not ours or leads outside. */
function fileOf(directory: string, address: string): string | null {
  const { origin, host, protocol: scheme, pathname } = new URL(address);
  // Node's URL gives schemes it does not know the origin `null`.
  if (origin !== appOrigin && `${scheme}//${host}` !== appOrigin) return null;
  const decoded = percentDecoded(pathname);
  if (decoded === null || decoded.includes('\0')) return null;
  const root = normalize(directory + sep);
  const file = join(root, decoded === '/' ? 'index.html' : decoded);
  return file.startsWith(root) ? file : null;
}

function percentDecoded(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}

function plain(status: number): Response {
  return new Response(null, {
    status,
    headers: { 'content-security-policy': contentSecurityPolicy },
  });
}
