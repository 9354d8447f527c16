interface ImportFlags {
  readonly inputs?: boolean;
  readonly sandbox: 'strict' | 'as-recorded';
  readonly json?: boolean;
}

/** The commands by which states leave Strata, and come back. */
import type { Command } from 'commander';
import { Option } from 'commander';
import { StrataError } from '../protocol/errors.ts';
import type { ExitStatus, Front } from './front.ts';
import {
  CACHE_ADD_HELP,
  CACHE_EXPORT_HELP,
  EXPORT_OCI_HELP,
  IMPORT_OCI_HELP,
  MOUNT_HELP,
  SNAPSHOT_HELP,
} from './help-texts.ts';

interface ExportOciOptions {
  readonly compression: 'gzip' | 'none';
  readonly hostPaths?: boolean;
  readonly json?: boolean;
}

interface CacheExportFlags {
  readonly attr?: string;
  readonly inputs?: boolean;
  readonly compression: 'none' | 'xz' | 'zstd';
  readonly key?: string;
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
    .addOption(
      new Option(
        '--sandbox <which>',
        'what shells in it see of this machine: what Nix would show, or what whoever made the image had chosen',
      )
        .choices(['strict', 'as-recorded'])
        .default('strict'),
    )
    .option('--json', 'print one JSON object')
    .addHelpText('after', IMPORT_OCI_HELP)
    .action((source: string, options: ImportFlags) =>
      perform(async () =>
        (await import('./commands/import-oci.ts')).importOci(front, {
          source,
          inputs: options.inputs === true ? 'add' : 'leave',
          sandbox: options.sandbox,
          format: options.json === true ? 'json' : 'text',
        }),
      ),
    );
  program
    .command('mount')
    .description(
      'show a snapshot as a plain read-only directory; without arguments list those shown',
    )
    .argument('[snapshot]', SNAPSHOT_HELP)
    .argument('[directory]', 'an empty directory, or one to be made')
    .option('--json', 'print JSON: what was mounted, or an array of all')
    .addHelpText('after', MOUNT_HELP)
    .action(
      (
        snapshot: string | undefined,
        directory: string | undefined,
        options: { readonly json?: boolean },
      ) =>
        perform(async () =>
          (await import('./commands/mount.ts')).mount(
            front,
            snapshot ?? null,
            directory ?? null,
            options.json === true ? 'json' : 'text',
          ),
        ),
    );
  program
    .command('umount')
    .description('end what strata mount did')
    .argument('<directory>', 'where a snapshot is mounted')
    .action((directory: string) =>
      perform(async () => (await import('./commands/mount.ts')).umount(front, directory)),
    );
  addCacheCommands(program, front, perform);
}

function addCacheCommands(
  program: Command,
  front: Front,
  perform: (command: () => Promise<ExitStatus>) => Promise<void>,
): void {
  const cache = program.command('cache').description('binary caches in directories');
  cache
    .command('export')
    .description('write what targets give, or what snapshots stand on, as a binary cache')
    .argument(
      '<what...>',
      'what goes in: .nix files, flake references, .drv files or snapshots; and last the directory',
    )
    .option('-A, --attr <attribute>', 'the attribute of the targets')
    .option('--inputs', 'of targets what they are built from too')
    .addOption(
      new Option('--compression <how>', 'of the archives')
        .choices(['none', 'xz', 'zstd'])
        .default('zstd'),
    )
    .option('--key <file>', 'sign with this secret key')
    .option('--json', 'print one JSON object')
    .addHelpText('after', CACHE_EXPORT_HELP)
    .action((words: string[], options: CacheExportFlags) =>
      perform(async () => {
        const [directory = '', ...things] = words.toReversed();
        if (things.length === 0) {
          throw new StrataError({
            code: 'usage',
            operation: `exporting ${directory}`,
            reason: 'that is one name, and two are needed: what goes in, and the directory',
            advice: 'as in: strata cache export ./default.nix /srv/cache',
          });
        }
        return (await import('./commands/cache.ts')).cacheExport(front, {
          things: things.toReversed(),
          directory,
          attribute: options.attr ?? null,
          inputs: options.inputs === true ? 'with' : 'without',
          compression: options.compression,
          secretKey: options.key ?? null,
          format: options.json === true ? 'json' : 'text',
        });
      }),
    );
  cache
    .command('add')
    .description('fetch from a binary cache in the next builds; compares its archives first')
    .argument('<directory>', 'what strata cache export, nix copy or mkBinaryCache wrote')
    .option('--public-key <name:key>', 'take what is signed so, and not what is unsigned')
    .addHelpText('after', CACHE_ADD_HELP)
    .action((directory: string, options: { readonly publicKey?: string }) =>
      perform(async () =>
        (await import('./commands/cache.ts')).cacheAdd(front, directory, options.publicKey ?? null),
      ),
    );
  cache
    .command('list')
    .description('the binary caches that were added')
    .option('--json', 'print a JSON array')
    .action((options: { readonly json?: boolean }) =>
      perform(async () =>
        (await import('./commands/cache.ts')).cacheList(
          front,
          options.json === true ? 'json' : 'text',
        ),
      ),
    );
  cache
    .command('remove')
    .description('fetch from a binary cache no more; what is in it stays')
    .argument('<directory>', 'as strata cache list has it')
    .action((directory: string) =>
      perform(async () => (await import('./commands/cache.ts')).cacheRemove(front, directory)),
    );
}
