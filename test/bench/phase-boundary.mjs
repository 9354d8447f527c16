// What one more phase costs: builds of 30 and of 1 trivial phases, against `podman build` of as many RUN lines.
import { inTurn } from './timed-command.mjs';
import { pairedRatio, summary, timeText } from './samples.mjs';

const phases = 30;
const budgetMs = 60;

export async function phaseBoundary(workshop, { podman }) {
  const ours = (count) => ({
    name: `strata ${count}`,
    run: async () => {
      const cache = workshop.newCache();
      try {
        return await workshop.strata(cache, ['run', ...target(workshop, count), '--json']);
      } finally {
        workshop.remove(cache);
      }
    },
  });
  const theirs = (count) => ({
    name: `podman ${count}`,
    run: () => workshop.time(podman.build(`steps-${count}`, steps(count), false)),
  });
  await workshop.instantiate(target(workshop, 1));
  await workshop.instantiate(target(workshop, phases));
  const contenders = [ours(1), ours(phases)];
  const hasPodman = typeof podman !== 'string';
  if (hasPodman) contenders.push(theirs(1), theirs(phases));
  const patience = workshop.patience();
  const measured = await inTurn(contenders, workshop.quick ? 3 : 5, patience);

  const perStep = (who) =>
    measured
      .get(`${who} ${phases}`)
      .ms.map((ms, round) => (ms - measured.get(`${who} 1`).ms[round]) / (phases - 1));
  const own = perStep('strata');
  const figure = summary(own);
  const whole = summary(measured.get(`strata ${phases}`).ms);
  return {
    what: 'overhead of a phase boundary',
    budget: `${budgetMs} ms median`,
    figure,
    met: figure.median <= budgetMs,
    peakBytes: measured.get(`strata ${phases}`).peakBytes,
    peers: [
      hasPodman
        ? {
            name: 'podman build, a RUN line',
            figure: summary(perStep('podman')),
            ratio: pairedRatio(own, perStep('podman')),
            peakBytes: measured.get(`podman ${phases}`).peakBytes,
          }
        : { name: 'podman build, a RUN line', missing: podman },
    ],
    notes: [
      ...patience.notes,
      `the time of a build of ${phases} phases (${timeText(whole.median)}) less that of a build of 1, divided by ${phases - 1}; a phase writes one small file`,
    ],
  };
}

function target(workshop, count) {
  return [workshop.derivationFile('phases.nix'), '--arg', 'count', String(count)];
}

/** As podman's RUN lines. */
export function steps(count) {
  return Array.from({ length: count }, (_, index) => `echo step${index} > /step${index}`);
}
