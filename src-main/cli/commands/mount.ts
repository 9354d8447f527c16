/** `strata mount` and `strata umount`: a state as a plain directory. */
import { resolve } from 'node:path';
import type { MountedState } from '../../engine/types.ts';
import { StrataError } from '../../protocol/errors.ts';
import { quoteForShell } from '../../host/shell-word.ts';
import type { ExitStatus, Front } from '../front.ts';
import { Interruption } from '../interruption.ts';
import { jsonArrayLines, jsonText } from '../terminal/json-text.ts';
import { withEngine } from './opened-engine.ts';

const HOW = {
  mount: 'mounted',
  fuse: 'mounted by fuse-overlayfs',
  copy: 'copied, as nothing can be mounted here',
} as const;

export async function mount(
  front: Front,
  snapshot: string | null,
  directory: string | null,
  format: 'text' | 'json',
): Promise<ExitStatus> {
  if (snapshot === null) return listMounted(front, format);
  if (directory === null) {
    throw new StrataError({
      code: 'usage',
      operation: `mounting ${snapshot}`,
      reason: 'there is no directory named to show it at',
      advice: `as in: strata mount ${snapshot} /tmp/state`,
    });
  }
  const { out, strata } = front;
  const { signal } = Interruption.listen();
  const mounted = await withEngine((engine) =>
    engine.mounts.mount(snapshot, resolve(directory), signal),
  );
  if (format === 'json') out.line(jsonText(mounted));
  else {
    out.lines([
      `${mounted.phase} (${mounted.snapshot}) is at ${mounted.directory}: ${HOW[mounted.how]}, read-only`,
      `  its build directory: ${mounted.directory}/build`,
      `  ${strata} umount ${quoteForShell(mounted.directory)}  # ends it`,
    ]);
  }
  return 0;
}

async function listMounted({ out }: Front, format: 'text' | 'json'): Promise<ExitStatus> {
  const mounted = await withEngine((engine) => engine.mounts.list());
  if (format === 'json') out.lines(jsonArrayLines(mounted));
  else if (mounted.length === 0) out.line('no snapshot is mounted');
  else out.lines(mounted.map(describe));
  return 0;
}

function describe({ snapshot, phase, directory, how }: MountedState): string {
  return `${snapshot}  ${phase}  ${directory}  ${how}`;
}

export async function umount({ out }: Front, directory: string): Promise<ExitStatus> {
  const { phase, snapshot } = await withEngine((engine) => engine.mounts.unmount(directory));
  out.line(`${phase} (${snapshot}) is not at ${directory} any more`);
  return 0;
}
