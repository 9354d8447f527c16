/** The commands by which states leave Strata, and come back. */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { ExitStatus, Front } from './front.ts';
import { EXPORT_OCI_HELP, IMPORT_OCI_HELP, SNAPSHOT_HELP } from './help-texts.ts';

interface ExportOciOptions {
  readonly compression: 'gzip' | 'none';
  readonly hostPaths?: boolean;
  readonly json?: boolean;
}

export function addLeavingCommands(
  program: Command,
  front: Front,
  perform: (command: () => Promise<ExitStatus>) => Promise<void>,
): void {
  program.commandsGroup('Leaving Strata:');
  const exporting = program
    .command('export')
    .description('write a state in a format that other tools read');
  exporting
    .command('oci')
    .description('write a snapshot as an image for podman, skopeo and registries')
    .argument('<snapshot>', SNAPSHOT_HELP)
    .argument('<destination>', 'a directory to be made, or an archive, whose name ends in .tar')
    .addOption(
      new Option('--compression <how>', 'of the layers').choices(['gzip', 'none']).default('gzip'),
    )
    .option('--host-paths', 'put in the directories of this host that the sandbox shows')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXPORT_OCI_HELP)
    .action((snapshot: string, destination: string, options: ExportOciOptions) =>
      perform(async () =>
        (await import('./commands/export-oci.ts')).exportOci(front, snapshot, {
          destination,
          compression: options.compression,
          hostPaths: options.hostPaths === true ? 'all' : 'files',
          format: options.json === true ? 'json' : 'text',
        }),
      ),
    );
  const importing = program.command('import').description('bring a state back that was exported');
  importing
    .command('oci')
    .description('make snapshots of an image that strata export oci wrote')
    .argument('<source>', 'a directory or an archive')
    .option('--inputs', 'put inputs that are missing here into the store; nobody signed them')
    .option('--json', 'print one JSON object')
    .addHelpText('after', IMPORT_OCI_HELP)
    .action((source: string, options: { readonly inputs?: boolean; readonly json?: boolean }) =>
      perform(async () =>
        (await import('./commands/import-oci.ts')).importOci(front, {
          source,
          inputs: options.inputs === true ? 'add' : 'leave',
          format: options.json === true ? 'json' : 'text',
        }),
      ),
    );
}
