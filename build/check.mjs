// `npm run check`: the static checks alone.
import { runStaticChecks } from './static-checks.mjs';
import { countsLine } from './test-counts.mjs';

const counts = await runStaticChecks();
console.log(countsLine(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;
