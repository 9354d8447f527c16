import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { boundEntries } from '../../../src-main/engine/image-layers.ts';
import type { HostBind } from '../../../src-main/sandbox/policy.ts';
import { becomeOrdinaryUser, temporaryDirectory } from '../snapshots/mounted.ts';

becomeOrdinaryUser();

it('leaves out of an image what the user may not read of the host, sockets and devices', async () => {
  const host = realpathSync(temporaryDirectory());
  for (const name of ['open', 'shut', 'listed']) mkdirSync(join(host, name));
  for (const name of ['open/file', 'shut/file', 'listed/file', 'secret', 'plain']) {
    writeFileSync(join(host, name), 'x');
  }
  execFileSync('sh', ['-c', 'chmod 000 shut secret; chmod 444 listed; ln -s secret link'], {
    cwd: host,
  });
  const secret = join(realpathSync(temporaryDirectory()), 'secret');
  writeFileSync(secret, 'x', { mode: 0 });
  const bind = (path: string): HostBind => ({
    ...{ source: path, target: path },
    ...{ optional: false, keepLink: false },
  });
  const leftOut: string[] = [];
  const paths: string[] = [];
  const binds = [host, secret, '/dev/null'].map(bind);
  for await (const { entry } of boundEntries(binds, (left) => leftOut.push(...left))) {
    paths.push(entry.path);
  }
  const inside = paths.filter((path) => path.startsWith(`${host.slice(1)}/`));
  expect(inside.map((path) => path.slice(host.length)).toSorted()).toEqual([
    'link',
    'open',
    'open/file',
    'plain',
  ]);
  expect(leftOut.toSorted()).toEqual(
    [
      '/dev/null',
      join(host, 'listed'),
      join(host, 'secret'),
      join(host, 'shut'),
      secret,
    ].toSorted(),
  );
});
