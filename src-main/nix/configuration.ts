/** How this machine's Nix is configured. */
import { runTool } from '../host/process.ts';
import { StrataError } from '../protocol/errors.ts';

export interface NixVersion {
  readonly major: number;
  readonly minor: number;
  /** As Nix prints it: `2.8.0`, `2.31.2+1`, `2.18.1pre20231023_abcdef`; also what forks say, such as `2.93.0`. */
  readonly text: string;
}

/** A host path that the sandbox shows (`sandbox-paths`, `extra-sandbox-paths`). */
export interface SandboxPath {
  readonly inside: string;
  readonly outside: string;
  /** Whether it may be missing outside (a `?` after it). */
  readonly optional: boolean;
}

export interface NixConfiguration {
  readonly version: NixVersion;
  /** `relaxed` lets derivations with `__noChroot` out. */
  readonly sandbox: 'on' | 'off' | 'relaxed';
  readonly sandboxPaths: readonly SandboxPath[];
  /** The build directory in the sandbox. */
  readonly sandboxBuildDirectory: string;
  /** As a builder sees it: never 0, which in the settings stands for all of the machine. */
  readonly cores: number;
  readonly maxJobs: number;
  readonly system: string;
  readonly extraPlatforms: readonly string[];
  readonly systemFeatures: readonly string[];
  readonly trustedUsers: readonly string[];
  readonly substituters: readonly string[];
  /** Those that a daemon lets every user fetch from. */
  readonly trustedSubstituters: readonly string[];
  readonly store: string;
}

/**
 * Asks Nix for its version and settings; `NIX_CONFIG`, `NIX_REMOTE` and nix.conf count as they do for it. Two short
 * processes.
 *
 * @param options what is to count above all of them, as `--option NAME VALUE` does.
 * @throws StrataError `environment` where Nix is missing, `nix` where it refuses its own configuration.
 */
export async function readConfiguration(
  machineCores: number,
  options: readonly (readonly [string, string])[] = [],
  signal?: AbortSignal,
): Promise<NixConfiguration> {
  const operation = 'reading the configuration of Nix';
  const asked = await runTool({ operation, tool: 'nix', args: ['--version'], signal });
  const version = parseVersion(asked.stdout.toString('utf8'));
  const { stdout } = await runTool({
    operation,
    tool: 'nix',
    args: [
      ...['--extra-experimental-features', 'nix-command', ...showCommand(version), '--json'],
      ...options.flatMap(([name, value]) => ['--option', name, value]),
    ],
    signal,
  });
  return parseConfiguration(stdout.toString('utf8'), version, machineCores);
}

/**
 * The version in what `nix --version` prints: `nix (Nix) 2.8.0`, `nix (Lix, like Nix) 2.93.0`,
 * `nix (Determinate Nix 3.6.8) 2.30.2`.
 *
 * @throws StrataError `format` where there is none.
 */
export function parseVersion(output: string): NixVersion {
  const match = /\s((\d+)\.(\d+)\S*)\s*$/.exec(output);
  if (match === null) {
    throw new StrataError({
      code: 'format',
      operation: 'reading the version of Nix',
      reason: `‘${output.trim()}’ has no version`,
    });
  }
  const [, text = '', major, minor] = match;
  return { major: Number(major), minor: Number(minor), text };
}

/**
 * The configuration in the JSON of `nix show-config --json` or `nix config show --json` (Nix: src/libutil/config.cc):
 * an object whose members have a `value`. Settings that a version does not have get Nix's defaults.
 *
 * @throws StrataError `format` where the text is no such JSON.
 */
export function parseConfiguration(
  json: string,
  version: NixVersion,
  machineCores: number,
): NixConfiguration {
  const settings = parseSettings(json);
  const cores = number(settings.get('cores'));
  return {
    version,
    sandbox: sandboxMode(settings.get('sandbox')),
    sandboxPaths: sandboxPaths(settings.get('sandbox-paths')),
    sandboxBuildDirectory: string(settings.get('sandbox-build-dir')) || '/build',
    cores: cores === 0 ? machineCores : cores,
    maxJobs: number(settings.get('max-jobs')),
    system: string(settings.get('system')),
    extraPlatforms: strings(settings.get('extra-platforms')),
    systemFeatures: strings(settings.get('system-features')),
    trustedUsers: strings(settings.get('trusted-users')),
    substituters: strings(settings.get('substituters')),
    trustedSubstituters: strings(settings.get('trusted-substituters')),
    store: storeUri(settings.get('store')),
  };
}

/** A list of texts, or an object by the path inside since Nix 2.33. */
function sandboxPaths(value: unknown): readonly SandboxPath[] {
  if (!isRecord(value)) return strings(value).map(parseSandboxPath);
  return Object.entries(value).map(([inside, path]) => {
    const { source, optional }: Record<string, unknown> = isRecord(path) ? path : {};
    return { inside, outside: string(source) || inside, optional: optional === true };
  });
}

/** `inside=outside`, or one path for both, with `?` at the end where it is optional. */
function parseSandboxPath(entry: string): SandboxPath {
  const optional = entry.endsWith('?');
  const text = optional ? entry.slice(0, -1) : entry;
  const at = text.indexOf('=');
  if (at === -1) return { inside: text, outside: text, optional };
  return { inside: text.slice(0, at), outside: text.slice(at + 1), optional };
}

/** `show-config` became `config show` in Nix 2.20. */
function showCommand({ major, minor }: NixVersion): readonly string[] {
  return major > 2 || minor >= 20 ? ['config', 'show'] : ['show-config'];
}

function parseSettings(json: string): ReadonlyMap<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    throw new StrataError({
      code: 'format',
      operation: 'reading the configuration of Nix',
      reason: error instanceof Error ? error.message : String(error),
      cause: error,
    });
  }
  const settings = new Map<string, unknown>();
  if (!isRecord(parsed)) return settings;
  for (const [name, setting] of Object.entries(parsed)) {
    if (isRecord(setting)) settings.set(name, setting['value']);
  }
  return settings;
}

function sandboxMode(value: unknown): NixConfiguration['sandbox'] {
  if (value === 'relaxed') return 'relaxed';
  return value === false || value === 'false' ? 'off' : 'on';
}

/** `auto` since ever, an object since Nix 2.3x: `{"scheme":"auto",…}` or with a whole reference. */
function storeUri(value: unknown): string {
  return string(isRecord(value) ? value['scheme'] : value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function string(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function strings(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  return typeof value === 'string' ? value.split(/\s+/).filter((word) => word !== '') : [];
}
