/** Which binds go to `mount --all`, and what their lines say. */
import { expect, it } from 'vitest';
import type { HostBind } from '../../../src-main/sandbox/policy.ts';
import { lockedFlags, splitBinds } from '../../../src-main/sandbox/store-mounts.ts';

const bind = (source: string, optional = false): HostBind => ({
  source,
  target: source,
  optional,
  keepLink: true,
});

it('a small closure is left to bubblewrap, a large one is not, and host paths always are', () => {
  const host = [bind('/bin'), bind('/nix/store/maybe', true)];
  const inputs = Array.from({ length: 100 }, (_, index) => bind(`/nix/store/${index}`));
  const few = [...host, ...inputs.slice(0, 10)];
  expect(splitBinds(few, '/nix/store')).toStrictEqual({ mounted: [], left: few });
  expect(splitBinds([...host, ...inputs], '/nix/store')).toStrictEqual({
    mounted: inputs,
    left: host,
  });
});

it('a bind keeps the flags of the mount it is taken from', () => {
  const flagsOf = lockedFlags(
    [
      '22 1 254:0 / / rw,relatime - ext4 /dev/vda rw',
      '30 22 254:0 /nix/store /nix/store ro,nosuid,nodev,relatime - ext4 /dev/vda rw',
      '31 22 0:5 / /mnt/a\\040b rw,noexec - tmpfs tmpfs rw',
      '32 31 0:6 / /mnt/a\\040b rw,nosuid - tmpfs tmpfs rw',
      '',
    ].join('\n'),
  );
  expect(flagsOf('/usr/bin')).toStrictEqual([]);
  expect(flagsOf('/nix/store/x')).toStrictEqual(['nosuid', 'nodev']);
  expect(flagsOf('/nix/store')).toStrictEqual(['nosuid', 'nodev']);
  expect(flagsOf('/nix/storehouse')).toStrictEqual([]);
  expect(flagsOf('/mnt/a b/c')).toStrictEqual(['nosuid']);
});
