/** What `strata export oci` wrote, and `strata import oci` brought back. */
import type { ImageExport, ImageImport } from '../../engine/types.ts';
import { formatBytes } from '../../protocol/byte-size.ts';
import { terminalText } from '../terminal/terminal-text.ts';
import type { Style } from '../terminal/style.ts';

export function renderImageExport(exported: ImageExport, style: Style): readonly string[] {
  const { destination, layers, bytes, digest, missingHostPaths, leftOut, podman } = exported;
  const { impureVariables } = exported;
  const impure =
    impureVariables.length === 0
      ? []
      : [
          style.yellow(
            `the state holds what you had in ${terminalText(impureVariables.join(', '), 'drop')} (impureEnvVars): look before you hand it on`,
          ),
        ];
  const missing =
    leftOut.length === 0
      ? []
      : [
          `left out, as no image holds sockets and devices, or you may not read it: ${terminalText(leftOut.join(', '), 'drop')}`,
        ];
  const host =
    missingHostPaths.length === 0
      ? []
      : [
          `not in it, and shown from this host: ${missingHostPaths.join(', ')} (--host-paths puts them in)`,
        ];
  return [
    `wrote ${destination}: ${layers} layers, ${formatBytes(bytes)}`,
    style.dim(digest),
    ...missing,
    ...host,
    ...impure,
    '',
    'Open a shell in the state:',
    '',
    `    ${podman}`,
  ];
}

export function renderImageImport(
  {
    snapshot,
    run,
    phase,
    added,
    present,
    policy,
    sandbox,
    missingInputs,
    addedInputs,
  }: ImageImport,
  strata: string,
  style: Style,
): readonly string[] {
  const there = present === 0 ? '' : `; ${present} were here already`;
  const inputs =
    missingInputs.length === 0
      ? addedInputs === 0
        ? []
        : [`put ${counted(addedInputs, 'input')} into the store`]
      : [
          `${counted(missingInputs.length, 'input')} not in this machine's store: Nix fetches or builds what a shell needs,`,
          'or import again with --inputs, which takes them as they are in the image',
        ];
  const shown = terminalText(sandbox, 'drop');
  const recorded = terminalText(policy, 'drop');
  const seen =
    sandbox === policy
      ? sandbox === 'strict'
        ? []
        : [style.yellow(`shells in it see of this machine: ${shown}`)]
      : [
          style.yellow(`it was made with the sandbox ${recorded}; shells in it have ${shown}`),
          'where you trust who made it, import it with --sandbox as-recorded (strata gc removes what is here already)',
        ];
  return [
    `imported ${counted(added, 'snapshot')} of the run ${run}${there}`,
    ...inputs,
    ...seen,
    '',
    'Open a shell in the state:',
    '',
    `    ${strata} shell ${snapshot}  ${style.dim(`# ${terminalText(phase, 'drop')}`)}`,
  ];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
