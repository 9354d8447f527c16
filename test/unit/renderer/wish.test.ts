// What is wished: one rule for what the sandbox shows, and settings that are remembered for each target.
import { assert, beforeEach, describe, it } from 'vitest';
import { noWish, type Wish } from '../../../src-main/protocol/methods.ts';
import {
  openTarget,
  setWish,
  useWish,
  withBinds,
  withNetwork,
  withSandbox,
} from '../../../src-renderer/store/wish.ts';

const storage = new Map<string, string>();
beforeEach(() => {
  storage.clear();
  Object.assign(globalThis, {
    localStorage: {
      getItem: (key: string) => storage.get(key) ?? null,
      setItem: (key: string, value: string) => storage.set(key, value),
    },
  });
});

const exposure = ({ sandbox, network, binds }: Wish) => ({ sandbox, network, binds });
const relaxed: Wish = { ...noWish, sandbox: 'relaxed', network: true, binds: ['/dev/dri'] };

describe('the sandbox of a wish', () => {
  it('shows nothing of the host once it is strict, and names nothing once it shows all', () => {
    for (const sandbox of ['strict', 'off'] as const) {
      assert.deepStrictEqual(exposure(withSandbox(relaxed, sandbox)), {
        sandbox,
        network: false,
        binds: [],
      });
    }
    assert.strictEqual(withSandbox(noWish, 'relaxed').sandbox, 'relaxed');
  });

  it('is relaxed for the network and for host paths, and strict again without them', () => {
    const withNet = withNetwork(noWish, true);
    assert.deepStrictEqual(exposure(withNet), { sandbox: 'relaxed', network: true, binds: [] });
    assert.strictEqual(withNetwork(withNet, false).sandbox, 'strict');
    const both = withBinds(withNet, ['/a']);
    assert.strictEqual(withNetwork(both, false).sandbox, 'relaxed');
    assert.deepStrictEqual(exposure(withBinds(noWish, ['/a'])), {
      sandbox: 'relaxed',
      network: false,
      binds: ['/a'],
    });
    assert.strictEqual(withBinds(noWish, []).sandbox, 'strict');
  });

  it('that is off is not turned on by asking for what it has', () => {
    const off = withSandbox(noWish, 'off');
    assert.deepStrictEqual(withNetwork(off, true), off);
    assert.deepStrictEqual(withBinds(off, ['/a']), off);
  });

  it('that was remembered contradicting itself does so no more', () => {
    const strict = { ...noWish, network: true };
    const off = { ...relaxed, sandbox: 'off' };
    storage.set('strata.wishes', JSON.stringify({ '/strict ': strict, '/off ': off }));
    openTarget('/strict');
    assert.deepStrictEqual(exposure(useWish.getState().wish), {
      sandbox: 'relaxed',
      network: true,
      binds: [],
    });
    openTarget('/off');
    assert.deepStrictEqual(exposure(useWish.getState().wish), {
      sandbox: 'off',
      network: false,
      binds: [],
    });
  });
});

describe('remembered wishes', () => {
  it('outlive one that cannot be read', () => {
    openTarget('/hello');
    setWish({ reuse: 'force' });
    const entries = JSON.parse(storage.get('strata.wishes') ?? '') as object;
    storage.set('strata.wishes', JSON.stringify({ ...entries, '/other ': { reuse: 'sometimes' } }));
    openTarget('/other');
    assert.strictEqual(useWish.getState().wish.reuse, 'smart');
    openTarget('/hello');
    assert.strictEqual(useWish.getState().wish.reuse, 'force');
  });
});
