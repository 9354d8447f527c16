import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { describe } from 'vitest';
import { becomeOrdinaryUser, namespaceRefusal, titled } from '../snapshots/mounted.ts';
import { mountingSuite } from './mounting.ts';

becomeOrdinaryUser();
const refusal = namespaceRefusal();

function fuseRefusal(): string | null {
  if (spawnSync('fuse-overlayfs', ['--version']).status !== 0) return 'no fuse-overlayfs here';
  try {
    accessSync('/dev/fuse', constants.R_OK | constants.W_OK);
    return null;
  } catch {
    return 'no /dev/fuse here';
  }
}

const fuse = refusal ?? fuseRefusal();
describe.skipIf(fuse !== null)(titled('for an ordinary user', fuse), () => {
  mountingSuite('fuse', process.env);
});

describe.skipIf(refusal !== null)(titled('for one without fuse-overlayfs', refusal), () => {
  mountingSuite('copy', { PATH: '/nowhere' });
});
