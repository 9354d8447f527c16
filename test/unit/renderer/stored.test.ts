import { afterEach, assert, describe, it, vi } from 'vitest';
import { z } from '../../../src-main/protocol/schema.ts';
import { browserStorage, store, stored, storedKeys } from '../../../src-renderer/store/stored.ts';

describe('what is remembered', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('is nothing where the browser forbids to store', () => {
    Object.defineProperty(globalThis, 'localStorage', {
      configurable: true,
      get: () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      },
    });
    store('theme', 'dark');
    browserStorage.setItem('x', '1');
    browserStorage.removeItem('x');
    assert.strictEqual(stored('theme', z.string(), 'system'), 'system');
    assert.isNull(browserStorage.getItem('x'));
    assert.deepStrictEqual(storedKeys(''), []);
    delete (globalThis as { localStorage?: unknown }).localStorage;
  });

  it('is nothing where it cannot be read', () => {
    vi.stubGlobal('localStorage', { getItem: () => 'no JSON' });
    assert.strictEqual(stored('theme', z.string(), 'system'), 'system');
    vi.stubGlobal('localStorage', { getItem: () => '7' });
    assert.strictEqual(stored('theme', z.string(), 'system'), 'system');
  });
});
