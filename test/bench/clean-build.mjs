// A build of about a minute from nothing, by Strata and by Nix.
import { inTurn } from './timed-command.mjs';
import { pairedRatio, peerFigures, summary } from './samples.mjs';

const budgetRatio = 1.03;

export async function cleanBuild(workshop) {
  const rounds = workshop.quick ? 2 : 3;
  // An earlier run that was cut off may have left its outputs.
  const target = (round) => minute(workshop, { salt: `${workshop.directory} ${round}` });
  for (let round = 0; round < rounds; round += 1) await workshop.instantiate(target(round));
  const strata = {
    name: 'strata',
    run: async (round) => {
      const cache = workshop.newCache();
      try {
        return await workshop.strata(cache, ['run', ...target(round), '--json']);
      } finally {
        workshop.remove(cache);
      }
    },
  };
  const nix = {
    name: 'nix',
    run: (round) => workshop.time(['nix-build', '--no-out-link', ...target(round)]),
  };
  const refusal = await workshop.nixRefusal();
  const patience = workshop.patience();
  const measured = await inTurn(refusal === null ? [nix, strata] : [strata], rounds, patience);
  const ours = measured.get('strata');
  const theirs = measured.get('nix');
  return {
    what: `clean build of a derivation that takes ${workshop.quick ? 'some seconds' : 'a minute'}`,
    budget: `${budgetRatio} × nix-build`,
    figure: summary(ours.ms),
    met: refusal === null ? pairedRatio(ours.ms, theirs.ms) <= budgetRatio : null,
    peakBytes: ours.peakBytes,
    peers: [
      refusal === null
        ? peerFigures('nix-build', ours, theirs)
        : { name: 'nix-build', missing: refusal },
    ],
    notes: [
      ...patience.notes,
      'each from nothing: a derivation Nix has not built, an empty cache directory for Strata',
      ...(refusal === null ? [`ratios of the pairs: ${pairs(ours.ms, theirs.ms)}`] : []),
    ],
  };
}

function pairs(ours, theirs) {
  return ours.map((ms, round) => (ms / theirs[round]).toFixed(3)).join(', ');
}

/** The arguments that name the derivation, as Nix and Strata take them. */
export function minute(workshop, { salt = '', note = '' }) {
  return [
    workshop.derivationFile('minute.nix'),
    ...['--arg', 'units', workshop.quick ? '12' : '90'],
    ...['--argstr', 'salt', salt],
    ...['--argstr', 'note', note],
  ];
}
