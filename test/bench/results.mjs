// What was measured, as a table of Markdown.
import { memoryText, rangeText, ratioText } from './samples.mjs';

const head = ['what', 'budget', 'measured', 'peer', 'peer measured', 'ratio', 'met?', 'memory'];

/** The text for the rows; `about` are lines that say where they were measured. */
export function resultsText(rows, about) {
  const table = [head, head.map(() => '---'), ...rows.flatMap(tableLines)];
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench`. Times are medians (minimum–maximum) of whole commands run in turn, ours and the peers’;',
    'a ratio is the median of the rounds’ own ratios of our time to the peer’s. Memory is that of the largest process, ours / the peer’s.',
    '',
    ...about.map((line) => `- ${line}`),
    '',
    ...table.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    ...rows.flatMap(({ what, when, notes }) =>
      [`measured ${when}`, ...notes].map((note) => `- ${what}: ${note}`),
    ),
    '',
  ].join('\n');
}

/** The lines for a terminal, as each row ends. */
export function rowText({ what, budget, figure, met, peers, notes }) {
  return [
    `${met === null ? '?' : met ? '✓' : '✗'} ${what}: ${rangeText(figure)}, budget ${budget}`,
    ...peers.map(({ name, missing, figure: theirs, ratio }) =>
      missing === undefined
        ? `    ${name}: ${rangeText(theirs)}, ratio ${ratioText(ratio)}`
        : `    ${name}: ${missing}`,
    ),
    ...notes.map((note) => `    ${note}`),
  ].join('\n');
}

/** One line of the table for each peer; what is ours stands in the first alone. */
function tableLines({ what, budget, figure, met, peakBytes, peers }) {
  return peers.map((peer, index) => {
    const ours = index === 0 ? [what, budget, rangeText(figure)] : ['', '', ''];
    const theirs =
      peer.missing === undefined
        ? [rangeText(peer.figure), ratioText(peer.ratio)]
        : [peer.missing, ''];
    const memory = [peakBytes, peer.peakBytes ?? null].map((bytes) =>
      bytes === null ? '?' : memoryText(bytes),
    );
    const isMet = index > 0 ? '' : met === null ? 'not known' : met ? 'yes' : 'no';
    return [...ours, peer.name, ...theirs, isMet, memory.join(' / ')];
  });
}
