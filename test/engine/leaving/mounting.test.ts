import { describe } from 'vitest';
import { namespaceRefusal, titled } from '../snapshots/mounted.ts';
import { mountingSuite } from './mounting.ts';

const refusal =
  namespaceRefusal() ?? (process.getuid?.() === 0 ? null : 'only root has mounts of its own');

describe.skipIf(refusal !== null)(titled('for root', refusal), () => {
  mountingSuite('mount', process.env);
});
