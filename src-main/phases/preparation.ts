/** From a derivation and the person's wishes to what all its phases have in common. */
import { createHash } from 'node:crypto';
import { decodePath } from '../host/byte-path.ts';
import {
  buildEnvironment,
  exportedPaths,
  plainValue,
  type BuildEnvironment,
} from '../nix/build-environment.ts';
import { referencesGraph } from '../nix/closure.ts';
import type { NixConfiguration } from '../nix/configuration.ts';
import type { Derivation } from '../nix/derivation.ts';
import { realiseInputs, type RealiseOptions } from '../nix/realise.ts';
import { scratchOutputs } from '../nix/scratch-outputs.ts';
import { derivationName } from '../nix/store-path.ts';
import {
  isObject,
  parseStructuredAttributes,
  type JsonObject,
} from '../nix/structured-attributes.ts';
import { StrataError } from '../protocol/errors.ts';
import { policyText, type Policy } from '../sandbox/policy.ts';
import type { Personality } from '../sandbox/command.ts';
import { exportedScalar, type Variable } from './declarations.ts';
import { prepareMaterials, rootsDirectory, type Materials } from './materials.ts';
import type { SandboxSetting } from './sandbox-process.ts';
import type { ShellState } from './shell-state.ts';

/** A derivation to be built in a certain way. */
export interface BuildRequest {
  readonly derivation: Derivation;
  readonly derivationPath: string;
  readonly policy: Policy;
  /** Values given with --set. */
  readonly overrides: ReadonlyMap<string, string>;
}

/** What the machine brings. */
export interface BuildSurroundings {
  /** Strata's cache directory. */
  readonly root: string;
  readonly configuration: NixConfiguration;
  readonly storeDirectory: string;
  /** The caller's environment, for `impureEnvVars`. */
  readonly hostEnvironment: Readonly<Record<string, string | undefined>>;
  readonly realise: Omit<RealiseOptions, 'rootsDirectory'>;
}

export interface Preparation {
  readonly request: BuildRequest;
  readonly environment: BuildEnvironment;
  readonly lineage: string;
  /** Equal for two builds whose setup gives the same state. */
  readonly setupKey: string;
  readonly system: string;
  /** The host paths that the policy takes over from the machine's Nix, as one text. */
  readonly sandboxPaths: string;
  /** Realises the inputs and gives the setting of the sandboxes; done once, when first asked for. */
  readonly sandbox: () => Promise<SandboxSetting>;
}

/** @throws StrataError `format` where the derivation contradicts itself, and what realising an exported graph throws. */
export async function prepareBuild(
  request: BuildRequest,
  surroundings: BuildSurroundings,
): Promise<Preparation> {
  const { derivation, derivationPath, policy, overrides } = request;
  const { root, configuration, storeDirectory } = surroundings;
  refuseNixsOwn(derivation);
  const scratch = scratchOutputs(derivation, derivationName(derivationPath), storeDirectory);
  const environment = buildEnvironment(derivation, {
    scratch,
    cores: configuration.cores,
    overrides,
    impureEnv: surroundings.hostEnvironment,
    graphs: await exportedGraphs(request, surroundings),
    storeDirectory,
  });
  const sandboxPaths = JSON.stringify(configuration.sandboxPaths);
  let materials: Promise<Materials> | undefined;
  const sandbox = async (): Promise<SandboxSetting> => {
    materials ??= prepareMaterials({
      root,
      derivation,
      derivationPath,
      environment,
      policy,
      configuration,
      storeDirectory,
      realise: surroundings.realise,
    });
    return {
      materials: await materials,
      policy,
      storeDirectory,
      personality: personality(derivation.system, configuration.system),
      devices: mayUseKvm(configuration) ? ['/dev/kvm'] : [],
    };
  };
  return {
    request,
    environment,
    lineage: digest([...scratch].flat()),
    setupKey: setupKey(request, environment, sandboxPaths),
    system: derivation.system,
    sandboxPaths,
    sandbox,
  };
}

/**
 * What the derivation gives to its builder, by name: the environment, or with structured attributes these, each as JSON.
 * Nix's own variables are left out; they are the same for all.
 */
export function givenValues({
  derivation,
  overrides,
}: Pick<BuildRequest, 'derivation' | 'overrides'>): Readonly<Record<string, string>> {
  const json = derivation.env.get('__json');
  const values: Record<string, string> =
    json === undefined
      ? Object.fromEntries(derivation.env)
      : structuredValues(parseStructuredAttributes(json));
  for (const name of derivation.outputs.keys()) Reflect.deleteProperty(values, name);
  const set = [...overrides].map(([name, value]) => [name, plainValue(value)] as const);
  return { ...values, ...Object.fromEntries(set) };
}

/** Variables whose names no shell can hold: bash passes them on as they are. */
export function environmentBesideShell({
  environment,
}: Pick<Preparation, 'environment'>): ReadonlyMap<string, string> {
  return new Map([...environment.env].filter(([name]) => !/^[A-Za-z_]\w*$/.test(name)));
}

/** `builtin:fetchurl` and its like are functions of Nix and no programs: there is nothing to run phase by phase. */
function refuseNixsOwn({ builder }: Derivation): void {
  if (!builder.startsWith('builtin:')) return;
  throw new StrataError({
    code: 'usage',
    operation: 'preparing the build',
    reason: `the derivation is built inside Nix itself (${builder})`,
    advice: 'build it with nix-build or nix-store --realise',
  });
}

/** Attributes as JSON; those in nixpkgs' set `env`, which its setup exports, also as they will be exported. */
function structuredValues(attributes: JsonObject): Record<string, string> {
  const { env } = attributes;
  const exported = isObject(env)
    ? Object.entries(env).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ])
    : [];
  const all = Object.entries(attributes).map(([name, value]) => [name, JSON.stringify(value)]);
  return Object.fromEntries([...exported, ...all]) as Record<string, string>;
}

/** The state of a builder that is no bash, or was not asked: the environment it is given. */
export function environmentState(environment: BuildEnvironment): ShellState {
  const variables = new Map<string, Variable>();
  for (const [name, value] of environment.env) {
    variables.set(name, exportedScalar(name, value));
  }
  return {
    bash: environment.builder,
    bashVersion: '',
    directory: '/build',
    umask: '0022',
    variables,
    functions: new Map(),
    shellOptions: '',
    setOptions: '',
    traps: '',
    exitTrap: '',
    aliases: '',
    argv0: '',
    args: environment.args,
  };
}

/** The closures that the derivation wants listed; realises the inputs where it wants any. */
export async function exportedGraphs(
  { derivation, derivationPath }: Pick<BuildRequest, 'derivation' | 'derivationPath'>,
  { root, realise }: Pick<BuildSurroundings, 'root' | 'realise'>,
): Promise<ReadonlyMap<string, Awaited<ReturnType<typeof referencesGraph>>>> {
  const paths = exportedPaths(derivation);
  if (paths.length === 0) return new Map();
  await realiseInputs(derivation, {
    ...realise,
    rootsDirectory: rootsDirectory(root, derivationPath),
  });
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path, await referencesGraph(path, realise.signal)] as const),
    ),
  );
}

/** Everything that the setup can depend on. Cores are no input, for Nix either. */
function setupKey(
  { derivation, policy }: BuildRequest,
  environment: BuildEnvironment,
  sandboxPaths: string,
): string {
  const env = [...environment.env].filter(([name]) => name !== 'NIX_BUILD_CORES').flat();
  const inputs = [...derivation.inputDerivations].flatMap(([path, outputs]) => [path, ...outputs]);
  return `setup-${digest([
    environment.builder,
    ...environment.args,
    '',
    ...env,
    '',
    ...environment.files.flatMap(({ path, contents }) => [path, decodePath(contents)]),
    '',
    ...inputs,
    ...derivation.inputSources,
    derivation.system,
    policyText(policy),
    sandboxPaths,
  ])}`;
}

/** A daemon's features cannot be asked for; it runs as root, and so has `kvm` where the machine has it. */
function mayUseKvm({ systemFeatures, store }: NixConfiguration): boolean {
  const viaDaemon = store === 'daemon' || store.startsWith('unix:');
  return systemFeatures.includes('kvm') || viaDaemon;
}

/** As Nix sets it: 32-bit builds on a 64-bit machine (src/libstore/build/local-derivation-goal.cc, `runChild`). */
function personality(system: string, machine: string): Personality {
  const narrow =
    (system === 'i686-linux' && machine === 'x86_64-linux') ||
    (/^armv[67]l-linux$/.test(system) && machine === 'aarch64-linux');
  return narrow ? 'linux32' : 'native';
}

function digest(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part}\0`);
  return hash.digest('hex').slice(0, 32);
}
