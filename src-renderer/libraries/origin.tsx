/** Where a directory of the search path comes from: told apart by words, and by the shape of the edge; colour alone would not do. */
import type { LookupView } from '../../src-main/protocol/methods.ts';
import { originName } from './lookups.ts';

export function Origin({ origin }: { readonly origin: LookupView['places'][number]['origin'] }) {
  return <span className={`origin origin-${origin.toLowerCase()}`}>{originName(origin)}</span>;
}
