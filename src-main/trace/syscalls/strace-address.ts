/** Socket addresses as strace writes them: `{sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("8.8.8.8")}`. */
import type { SocketAddress } from './model.ts';
import { closingQuote, unescaped } from './strace-syntax.ts';

/** The address in the braces behind `start`; null where there is none. */
export function socketAddress(text: string, start: number, end: number): SocketAddress | null {
  const found = text.indexOf('{sa_family=AF_', start);
  if (found < 0 || found >= end) return null;
  const words = text.slice(found, end);
  const family = /^\{sa_family=(AF_[A-Z0-9_]{1,20})/.exec(words)?.[1];
  if (family === undefined) return null;
  switch (family) {
    case 'AF_INET':
    case 'AF_INET6': {
      const port = Number(/sin6?_port=htons\((\d{1,5})\)/.exec(words)?.[1] ?? 0);
      const host =
        /inet_addr\("([^"]*)"\)|inet_pton\(AF_INET6, "([^"]*)"|sin6_addr=inet_pton\("([^"]*)"/.exec(
          words,
        );
      const address = unescaped(host?.[1] ?? host?.[2] ?? host?.[3] ?? '');
      return { family: family === 'AF_INET' ? 'inet' : 'inet6', host: address, port };
    }
    case 'AF_UNIX':
    case 'AF_LOCAL': {
      const path = /sun_path=(@?)"/.exec(words);
      if (path === null) return { family: 'unix', path: '' };
      const first = path.index + path[0].length;
      const last = closingQuote(words, first, words.length);
      if (last < 0) return null;
      return { family: 'unix', path: `${path[1] ?? ''}${unescaped(words.slice(first, last))}` };
    }
    default:
      return { family: 'other', name: family };
  }
}
