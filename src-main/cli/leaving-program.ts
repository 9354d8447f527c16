/** The commands by which states leave Strata, and come back. */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { ExitStatus, Front } from './front.ts';
import { EXPORT_OCI_HELP, SNAPSHOT_HELP } from './help-texts.ts';

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
}
