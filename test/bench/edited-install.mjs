// From an edit of installPhase to the result, after a full build: what Strata is for.
import { minute } from './clean-build.mjs';
import { summary } from './samples.mjs';

const share = 0.02;
const extraMs = 1000;

export async function editedInstall(workshop) {
  const rounds = workshop.quick ? 3 : 7;
  const target = (note) => minute(workshop, { note });
  const cache = workshop.newCache();
  try {
    await workshop.instantiate(target('before'));
    const patience = workshop.patience();
    await patience.forQuiet();
    const full = await workshop.strata(cache, ['run', ...target('before'), '--json']);
    const edits = [];
    let peakBytes = null;
    for (let round = 0; round < rounds; round += 1) {
      const edited = target(`edit ${round}`);
      await patience.forQuiet();
      const run = await workshop.strata(cache, ['run', ...edited, '--json']);
      // Evaluated by Strata itself, as after a person's edit; here it only becomes known to be removed.
      await workshop.instantiate(edited);
      edits.push(run.ms);
      peakBytes = run.peakBytes;
    }
    const budgetMs = share * full.ms + extraMs;
    const figure = summary(edits);
    return {
      what: 'change in `installPhase` to result',
      budget: `2 % of the full build + 1 s (${(budgetMs / 1000).toFixed(2)} s)`,
      figure,
      met: figure.median <= budgetMs,
      peakBytes,
      peers: [
        {
          name: 'the full build',
          figure: summary([full.ms]),
          ratio: figure.median / full.ms,
          peakBytes: full.peakBytes,
        },
      ],
      notes: [
        ...patience.notes,
        'installPhase, fixupPhase and the setup of the edited derivation run; the rest is reused',
      ],
    };
  } finally {
    workshop.remove(cache);
  }
}
