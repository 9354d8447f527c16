import { describe, expect, it } from 'vitest';
import { isMountPoint } from '../../../src-main/snapshots/mount-table.ts';

describe('the table of mounts', () => {
  it('names places with octal escapes', () => {
    const text = [
      '22 1 254:0 / / rw,relatime - ext4 /dev/vda rw',
      '40 22 0:35 / /tmp/shown\\040h\\303\\251re ro,relatime - overlay overlay ro',
    ].join('\n');
    expect(
      ['/', '/tmp/shown hére', '/tmp/shown', ''].map((path) => isMountPoint(text, path)),
    ).toEqual([true, true, false, false]);
  });
});
