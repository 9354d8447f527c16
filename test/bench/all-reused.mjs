// A run that has nothing to do, from the start of the command to its end.
import { steps } from './phase-boundary.mjs';
import { inTurn } from './timed-command.mjs';
import { peerFigures, summary } from './samples.mjs';

const phases = 30;
const budgetMs = 1000;

export async function allReused(workshop, { podman }) {
  const target = [workshop.derivationFile('phases.nix'), '--arg', 'count', String(phases)];
  const cache = workshop.newCache();
  try {
    await workshop.instantiate(target);
    await workshop.strata(cache, ['run', ...target, '--json']);
    const build = ['nix-build', '--no-out-link', ...target];
    const contenders = [
      { name: 'strata', run: () => workshop.strata(cache, ['run', ...target, '--json']) },
    ];
    const refusal = await workshop.nixRefusal();
    if (refusal === null) {
      await workshop.time(build);
      contenders.push({ name: 'nix', run: () => workshop.time(build) });
    }
    const hasPodman = typeof podman !== 'string';
    if (hasPodman) {
      const cached = podman.build('reused', steps(phases), true);
      await workshop.time(cached);
      contenders.push({ name: 'podman', run: () => workshop.time(cached) });
    }
    const patience = workshop.patience();
    const measured = await inTurn(contenders, workshop.quick ? 5 : 15, patience);
    const ours = measured.get('strata');
    const peer = (name, label) => peerFigures(label, ours, measured.get(name));
    const figure = summary(ours.ms);
    return {
      what: 'run where everything is reused, whole command',
      budget: '1 s',
      figure,
      met: figure.median <= budgetMs,
      peakBytes: ours.peakBytes,
      peers: [
        hasPodman
          ? peer('podman', 'podman build, all cached')
          : { name: 'podman build, all cached', missing: podman },
        refusal === null
          ? peer('nix', 'nix-build, output there')
          : { name: 'nix-build, output there', missing: refusal },
      ],
      notes: [...patience.notes, `a build of ${phases} phases and one more`],
    };
  } finally {
    workshop.remove(cache);
  }
}
