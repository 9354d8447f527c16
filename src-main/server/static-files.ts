/** The files of the built window over HTTP. Nothing outside of their directory can be named. */
import { constants, type Stats } from 'node:fs';
import { open, realpath, type FileHandle } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isSystemError } from '../protocol/errors.ts';

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.mjs', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.map', 'application/json; charset=utf-8'],
  ['.webmanifest', 'application/manifest+json; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.ico', 'image/x-icon'],
  ['.ttf', 'font/ttf'],
  ['.woff', 'font/woff'],
  ['.woff2', 'font/woff2'],
  ['.wasm', 'application/wasm'],
  ['.txt', 'text/plain; charset=utf-8'],
]);

/** Vite puts the hash of a file's contents into the names below assets/. */
const HASHED = /^\/assets\/.*[-.][\w-]{8,}\.\w+$/;

/** Compressed copies that may lie beside a file, the best first. */
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/** Answers a GET or HEAD for a path below `root`; `/` is its index.html. */
export async function serveFile(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    return;
  }
  const path = safePath(request.url ?? '/');
  const found = path === null ? null : await openBest(root, path, request);
  if (path === null || found === null) {
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' });
    response.end(path === '/index.html' ? NOT_BUILT : 'There is no such file.\n');
    return;
  }
  const { handle, status, encoding } = found;
  try {
    const tag = `"${status.size.toString(36)}-${Math.round(status.mtimeMs).toString(36)}"`;
    response.setHeader('Content-Type', TYPES.get(extname(path)) ?? 'application/octet-stream');
    response.setHeader('Vary', 'Accept-Encoding');
    response.setHeader('ETag', tag);
    response.setHeader(
      'Cache-Control',
      HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    );
    if (encoding !== null) response.setHeader('Content-Encoding', encoding);
    if (request.headers['if-none-match'] === tag) {
      response.writeHead(304).end();
      return;
    }
    response.setHeader('Content-Length', status.size);
    response.writeHead(200);
    if (request.method === 'HEAD') response.end();
    else await pipeline(handle.createReadStream({ autoClose: false }), response);
  } catch (error) {
    // The browser has gone away.
    if (!response.destroyed) throw error;
  } finally {
    await handle.close();
  }
}

const NOT_BUILT = 'The window has not been built. In a checkout: npm run build\n';

/** The path that a URL names, beginning with `/`; null for one that no file of ours can have. */
function safePath(url: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(url.replace(/[?#].*$/s, ''));
  } catch {
    return null;
  }
  if (path === '/') return '/index.html';
  const [first, ...segments] = path.split('/');
  const isPlain = first === '' && segments.every((segment) => /^[\w@+-][\w@+.-]*$/.test(segment));
  return isPlain ? path : null;
}

interface OpenedFile {
  readonly handle: FileHandle;
  readonly status: Stats;
  readonly encoding: string | null;
}

async function openBest(
  root: string,
  path: string,
  request: IncomingMessage,
): Promise<OpenedFile | null> {
  const accepted = request.headers['accept-encoding']?.toString() ?? '';
  for (const [encoding, suffix] of ENCODINGS) {
    if (!new RegExp(`\\b${encoding}\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))`).test(accepted)) continue;
    const file = await openInside(root, `${path}${suffix}`);
    if (file !== null) return { ...file, encoding };
  }
  const file = await openInside(root, path);
  return file === null ? null : { ...file, encoding: null };
}

/** Opens a regular file whose real place is below the real root; null where there is none. */
async function openInside(
  root: string,
  path: string,
): Promise<{ readonly handle: FileHandle; readonly status: Stats } | null> {
  let handle: FileHandle | null = null;
  try {
    const file = await realpath(join(root, path));
    if (!file.startsWith(`${await realpath(root)}${sep}`)) return null;
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const status = await handle.stat();
    if (status.isFile()) return { handle, status };
    await handle.close();
    return null;
  } catch (error) {
    await handle?.close();
    if (isSystemError(error)) return null;
    throw error;
  }
}
