/** Nix that is not there, or whose daemon does not answer, or whose settings it cannot read. */
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newPlace, type Place } from './engine-process.ts';
import { strata } from './strata.ts';

const HELLO = new URL('../../../resources/examples/hello', import.meta.url).pathname;

/** A PATH on which everything is but Nix. */
function pathWithoutNix(place: Place): string {
  const directory = join(place.directory, 'bin');
  mkdirSync(directory);
  const linked = new Set<string>();
  for (const from of (process.env['PATH'] ?? '').split(':').filter((path) => existsSync(path))) {
    for (const name of readdirSync(from).filter((each) => !each.startsWith('nix'))) {
      // Links that lead nowhere are programs' names as well.
      if (!linked.has(name)) symlinkSync(join(from, name), join(directory, name));
      linked.add(name);
    }
  }
  return directory;
}

it('Nix missing: every command that needs it says so, with how to get it', () => {
  const place = newPlace();
  const env = { PATH: pathWithoutNix(place) };
  for (const command of ['run', 'plan']) {
    const { status, stderr } = strata(place, [command, HELLO], { env });
    expect(status).toBe(2);
    expect(stderr).toMatch(/the program nix(-instantiate)? is not on PATH/);
    expect(stderr).toContain('https://nixos.org/download');
  }
  expect(strata(place, ['ls'], { env })).toMatchObject({ status: 0 });
});

it('a daemon that does not answer is named by its socket', () => {
  const place = newPlace();
  const socket = join(place.directory, 'no-socket');
  const env = { NIX_REMOTE: 'daemon', NIX_DAEMON_SOCKET_PATH: socket };
  const { status, stderr } = strata(place, ['run', HELLO], { env });
  expect(status).toBe(2);
  expect(stderr).toContain(socket);
  expect(stderr).toMatch(/cannot connect|refused|No such file/);
});

it('settings that Nix cannot read are told in its words', () => {
  const place = newPlace();
  const { status, stderr } = strata(place, ['run', HELLO], { env: { NIX_CONFIG: 'no such line' } });
  expect(status).toBe(2);
  expect(stderr).toContain('no such line');
});
