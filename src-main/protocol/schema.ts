/**
 * zod, for what reaches the window too. It makes functions of text where it can, for speed, and tries at the first schema
 * whether it can: in a page, the content security policy reports that as a violation. So pages tell it not to, before there
 * is any schema: that is why the window and the protocol take zod from here (`.dependency-cruiser.cjs` sees to it).
 */
import * as z from 'zod';

if ('document' in globalThis) z.config({ jitless: true });

export { z };
