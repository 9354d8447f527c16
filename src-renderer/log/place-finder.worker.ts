/** The thread of the place finder. It may be ended in the middle of anything. */
import type { FindRequest, FoundText } from './place-finder.ts';
import { findPlaces } from './log-query.ts';

addEventListener('message', ({ data }: MessageEvent<FindRequest>) => {
  const { pattern, texts } = data;
  const found = texts.flatMap((text, at): readonly FoundText[] => {
    const places = findPlaces(text, pattern);
    return places.length === 0 ? [] : [{ at, places }];
  });
  postMessage(found);
});

postMessage('loaded');
