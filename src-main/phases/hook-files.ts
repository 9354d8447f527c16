/** Where the bash hooks and the programs for tracers are: in resources of the checkout or of the installed package. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let directory: string | undefined;

/** The path of a hook on the host. */
export function hookFile(
  name: `${'hook' | 'phase' | 'shell' | 'attach' | 'nix-shell' | 'nix-shell-phase'}.bash`,
): string {
  directory ??= findHooks(dirname(fileURLToPath(import.meta.url)));
  return join(directory, name);
}

/** The path of what runs a command under a tracer. */
export function tracingFile(name: `${'bpftrace' | 'sysdig'}.bash`): string {
  directory ??= findHooks(dirname(fileURLToPath(import.meta.url)));
  return join(dirname(directory), 'tracing', name);
}

/** The path of what pauses failed builds of Nix, and enters them. */
export function breakpointFile(
  name: 'hook.bash' | 'builder.sh' | 'enter.bash' | 'open-shell.bash',
): string {
  directory ??= findHooks(dirname(fileURLToPath(import.meta.url)));
  return join(dirname(directory), 'breakpoint', name);
}

/** The bundle lies one folder deep, this source two: both find resources/ by going up. */
function findHooks(from: string): string {
  const candidate = join(from, 'resources', 'hooks');
  if (existsSync(candidate)) return candidate;
  const parent = dirname(from);
  if (parent === from) throw new Error('resources/hooks is not beside the program');
  return findHooks(parent);
}
