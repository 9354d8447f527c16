/** What the page's address says: where the engine listens, the token that opens it, and what to show at first. */

export interface PageAddress {
  /** Of the WebSocket. */
  readonly socket: string;
  /** Offered as subprotocols, so that the token is in no address and no log. */
  readonly protocols: readonly string[];
  /** What to open at the start; null for the welcome view. */
  readonly target: string | null;
  readonly attribute: string | null;
}

/** Reads `http://127.0.0.1:PORT/#token=…&target=…`: browsers send nothing of what stands behind the `#` anywhere. */
export function pageAddress(href: string): PageAddress {
  const url = new URL(href);
  const said = new URLSearchParams(url.hash.slice(1));
  const token = said.get('token');
  return {
    socket: `${url.protocol === 'https:' ? 'wss:' : 'ws:'}//${url.host}/engine`,
    protocols: ['strata', ...(token === null ? [] : [`strata-token.${token}`])],
    target: said.get('target'),
    attribute: said.get('attribute'),
  };
}

/** The same address with another target: so that a window that is loaded again shows what it showed. */
export function addressWith(href: string, target: string, attribute: string | null): string {
  const url = new URL(href);
  const said = new URLSearchParams(url.hash.slice(1));
  said.delete('target');
  said.delete('attribute');
  if (target !== '') said.set('target', target);
  if (target !== '' && attribute !== null) said.set('attribute', attribute);
  url.hash = said.toString();
  return url.href;
}
