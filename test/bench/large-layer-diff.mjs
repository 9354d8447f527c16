// Listing what changed in a layer of 100,000 changed files, and, to know it, what keeping such a layer costs.
import { join } from 'node:path';
import { inTurn } from './timed-command.mjs';
import { memoryText, peerFigures, rangeText, summary } from './samples.mjs';

const budgetMs = 600;
const changePhase = 'changePhase';

export async function largeLayerDiff(workshop, { podman }) {
  const rounds = workshop.quick ? 3 : 7;
  const cache = workshop.newCache();
  try {
    const kept = await keepLayers(workshop, cache, workshop.quick ? 1 : 3);
    const trees = await twoTrees(workshop);
    const contenders = [
      {
        name: 'strata',
        run: () => workshop.strata(cache, ['diff', `last:${changePhase}`, '--json']),
      },
      // diff ends with 1 where it finds differences.
      {
        name: 'diff',
        run: () => workshop.time(['sh', '-c', 'diff -rq "$@" || [ $? = 1 ]', 'sh', ...trees]),
      },
      {
        name: 'find',
        run: () => workshop.time(['find', trees[0], '-printf', '%y %m %s %C@ %p\\n']),
      },
    ];
    const hasPodman = typeof podman !== 'string';
    if (hasPodman) {
      const script = 'sh /write-tree.sh /tree';
      await workshop.time(podman.build('large', [`${script} first`, `${script} second`], false));
      contenders.push({
        name: 'podman',
        run: () => workshop.time(podman.command('diff', 'large')),
      });
    }
    const patience = workshop.patience();
    const measured = await inTurn(contenders, rounds, patience);
    const ours = measured.get('strata');
    const peer = (name, label) => peerFigures(label, ours, measured.get(name));
    const figure = summary(ours.ms);
    return {
      what: 'diff of a layer with 100,000 changed files, whole command',
      budget: '0.6 s',
      figure,
      met: figure.median <= budgetMs,
      peakBytes: ours.peakBytes,
      peers: [
        hasPodman
          ? peer('podman', `podman diff (${podman.driver})`)
          : { name: 'podman diff', missing: podman },
        peer('diff', 'diff -rq of two such trees'),
        peer('find', 'find -printf over one'),
      ],
      notes: [
        ...patience.notes,
        `keeping such a layer (listing, digests, flushing to the disk, commit) took ${rangeText(summary(kept.ms))}, once, when its phase had ended; largest process of that run ${memoryText(kept.peakBytes ?? 0)}`,
      ],
    };
  } finally {
    workshop.remove(cache);
    for (const name of ['tree-first', 'tree-second'])
      workshop.remove(join(workshop.directory, name));
  }
}

/**
 * Runs the phase that changes all files, each time to something else. Gives what came beside the phase's own time: preparing
 * its layer, and committing it.
 */
async function keepLayers(workshop, cache, rounds) {
  const ms = [];
  let peakBytes = null;
  for (let round = 0; round < rounds; round += 1) {
    const target = [workshop.derivationFile('large.nix'), '--argstr', 'word', `word${round}`];
    await workshop.instantiate(target);
    const run = await workshop.strata(cache, ['run', ...target, '--json'], { keep: true });
    const events = run.lines.map(({ at, text }) => ({ at, ...JSON.parse(text) }));
    const of = (name) => events.find(({ event, phase }) => event === name && phase === changePhase);
    const finished = of('phase-finished');
    ms.push(finished.at - of('phase-started').at - finished.ms);
    peakBytes = run.peakBytes;
  }
  return { ms, peakBytes };
}

/** Two trees on the host that differ in each of their files. */
async function twoTrees(workshop) {
  const words = ['first', 'second'];
  const trees = words.map((word) => join(workshop.directory, `tree-${word}`));
  for (const [index, word] of words.entries()) {
    await workshop.time(['sh', workshop.derivationFile('write-tree.sh'), trees[index], word]);
  }
  return trees;
}
