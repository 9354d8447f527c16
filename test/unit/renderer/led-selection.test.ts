import { assert, beforeEach, describe, it } from 'vitest';
import type { PhaseRunView } from '../../../src-main/protocol/methods.ts';
import { lead, leadFromHere } from '../../../src-renderer/store/led-selection.ts';
import { lastReached } from '../../../src-renderer/store/newest-run.ts';
import {
  clearSelection,
  selectPhase,
  selectSnapshot,
  useSelection,
} from '../../../src-renderer/store/selection.ts';

beforeEach(clearSelection);

describe('the selection of the window itself', () => {
  it('goes with the phases', () => {
    lead('r1', 'unpackPhase', null);
    lead('r1', 'unpackPhase', 's1');
    lead('r1', 'buildPhase', null);
    assert.deepStrictEqual(useSelection.getState(), {
      run: 'r1',
      phase: 'buildPhase',
      snapshot: null,
      against: null,
    });
  });

  it('leaves alone what a person selected, until they ask for something new', () => {
    lead('r1', 'unpackPhase', 's1');
    selectPhase('r0', 'installPhase', 's0');
    lead('r1', 'buildPhase', 's2');
    assert.strictEqual(useSelection.getState().run, 'r0');
    leadFromHere();
    lead('r2', 'unpackPhase', null);
    assert.strictEqual(useSelection.getState().run, 'r2');
  });

  it('leaves alone a state that belongs to no run', () => {
    selectSnapshot('kept');
    lead('r1', 'buildPhase', 's2');
    assert.strictEqual(useSelection.getState().snapshot, 'kept');
  });
});

describe('the phase that a run came to', () => {
  const phase = (
    name: string,
    status: PhaseRunView['status'],
    snapshot: string | null = null,
  ): PhaseRunView => ({
    name,
    status,
    snapshot,
    why: '',
    startedAt: null,
    ms: 0,
    exitCode: 0,
    traced: [],
  });
  const unpack = phase('unpackPhase', 'reused', 's1');
  const build = phase('buildPhase', 'succeeded', 's2');
  const skipped = phase('distPhase', 'skipped');
  const planned = phase('installPhase', 'planned');

  it('is the last that left a state', () => {
    assert.strictEqual(lastReached([unpack, build, skipped]), build);
    assert.strictEqual(lastReached([unpack, planned, skipped]), unpack);
  });

  it('is the one that failed, or in which it was stopped', () => {
    const failed = phase('installPhase', 'failed', 's3');
    const cut = phase('installPhase', 'running');
    assert.strictEqual(lastReached([unpack, build, failed, planned]), failed);
    assert.strictEqual(lastReached([unpack, build, cut, planned]), cut);
  });

  it('is the first where none was reached, and none where there is none', () => {
    assert.strictEqual(lastReached([planned, skipped]), planned);
    assert.strictEqual(lastReached([]), undefined);
  });
});
