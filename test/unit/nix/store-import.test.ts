import { describe, expect, it } from 'vitest';
import { registeredPaths } from '../../../src-main/nix/store-import.ts';

describe('what nix-store --dump-db prints', () => {
  it('names each path once, and its references apart', () => {
    const [a, b] = ['/nix/store/a', '/nix/store/b'];
    const text = [a, 'hash', '12', '', '1', b, b, 'hash', '7', `${a}.drv`, '2', a, b, ''].join(
      '\n',
    );
    expect(registeredPaths(text)).toEqual([a, b]);
    expect(registeredPaths('')).toEqual([]);
  });

  it('comes to an end whatever a stranger wrote', () => {
    for (const count of ['-5', '-6', 'many', '1e9', '']) {
      const text = ['/nix/store/a', 'hash', '12', '', count, ''].join('\n');
      expect(() => registeredPaths(text)).toThrow('no number of references');
    }
  });
});
