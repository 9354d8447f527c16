/**
 * Who may speak to the server. It listens on the loopback address alone, and still any page in the person's browser can
 * send requests there, and any user of the machine: so the names it is called by, the page that asks, and a token count.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** WebSocket's subprotocol: the browser offers it, and beside it one that holds the token. */
export const SUBPROTOCOL = 'strata';
const TOKEN_PREFIX = 'strata-token.';

/** Characters of a token are those of a subprotocol's name (RFC 6455, section 4.1). */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** The names under which this machine's browser reaches the server; a name that only resolves to it (DNS rebinding) is none. */
function names(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`];
}

export function isOwnHost(host: string | undefined, port: number): boolean {
  return host !== undefined && names(port).includes(host);
}

export function isOwnOrigin(origin: string | undefined, port: number): boolean {
  return names(port).some((name) => origin === `http://${name}`);
}

/** The token among the subprotocols that were offered; null where there is none. */
export function offeredToken(header: string | undefined): string | null {
  const offered = (header ?? '').split(',').map((word) => word.trim());
  const word = offered.find((name) => name.startsWith(TOKEN_PREFIX));
  return offered.includes(SUBPROTOCOL) && word !== undefined
    ? word.slice(TOKEN_PREFIX.length)
    : null;
}

/** Compares in a time that tells nothing about where they differ. */
export function isSameToken(given: string | null, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return given !== null && timingSafeEqual(digest(given), digest(token));
}
