/** A confirmation as a stream: what is done meanwhile, then what it came to. */
import type { BuildLog } from '../nix/build-log.ts';
import type { ConfirmationView, StreamItem } from '../protocol/methods.ts';
import type { Confirmation } from './confirming.ts';
import type { Engine } from './engine.ts';
import { storeName } from './stage-text.ts';
import { Wakeups } from './wakeups.ts';

export async function* confirming(
  engine: Engine,
  run: string,
  signal: AbortSignal,
): AsyncGenerator<StreamItem<'confirm'>> {
  const wakeups = new Wakeups();
  const state = { text: '', isDone: false };
  const say = (text: string): void => {
    if (text === '' || text === state.text) return;
    state.text = text;
    wakeups.wake();
  };
  const work = engine
    .confirm(run, {
      signal,
      sink: () => undefined,
      onChange: (log) => say(building(log)),
      onStep: say,
    })
    .finally(() => {
      state.isDone = true;
      wakeups.wake();
    });
  // Its failure is told below; until then nobody waits for it.
  work.catch(() => undefined);
  for (let told = ''; ;) {
    const { count } = wakeups;
    if (state.text !== told) {
      told = state.text;
      yield { kind: 'step', text: told };
      continue;
    }
    // The build that is under way ends with the signal.
    if (state.isDone || signal.aborted) break;
    await wakeups.since(count, signal);
  }
  yield { kind: 'ended', confirmation: view(await work) };
}

/** What Nix builds now; the empty string for nothing. */
function building({ derivations }: BuildLog): string {
  const build = derivations.findLast(({ state }) => state === 'building');
  if (build === undefined) return '';
  const phase = build.phases.at(-1)?.name;
  return `building ${storeName(build.derivation)} with Nix${phase === undefined ? '' : ` (${phase})`}`;
}

function view(confirmation: Confirmation): ConfirmationView {
  if (confirmation.kind === 'build-failed') {
    const failed = confirmation.failed.map(({ derivation, reason }) => ({ derivation, reason }));
    return { ...confirmation, failed };
  }
  const { differences, following } = confirmation;
  return { ...confirmation, differences: [...differences], following: [...following] };
}
