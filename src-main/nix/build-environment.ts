/**
 * What Nix gives a builder: its environment and the files that lie in its build directory before it starts.
 *
 * Follows `initEnv`, `initTmpDir`, `writeStructuredAttrs` and the part on `exportReferencesGraph` of Nix 2.8
 * (src/libstore/build/local-derivation-goal.cc; since 2.32 src/libstore/build/derivation-env-desugar.cc), with the
 * scratch paths in place of the real outputs. Where versions differ, the newer: Nix 2.8 names in `NIX_ATTRS_SH_FILE` the
 * build directory outside the sandbox, where no builder finds it.
 */
import { encodePath } from '../host/byte-path.ts';
import { StrataError } from '../protocol/errors.ts';
import { byteOrder } from './byte-order.ts';
import type { Derivation } from './derivation.ts';
import { fixedOutput, isSandboxed } from './fixed-output.ts';
import type { FixedOutput } from './fixed-output.ts';
import { outputRewrites, rewriteText } from './output-rewriting.ts';
import { graphJson, graphText, mergeGraphs } from './references-graph.ts';
import type { ReferencesGraph } from './references-graph.ts';
import { nixBase32, sha256 } from './store-path.ts';
import {
  attributesJson,
  attributesShell,
  isArray,
  isObject,
  parseStructuredAttributes,
} from './structured-attributes.ts';
import type { JsonObject, JsonValue } from './structured-attributes.ts';

export interface BuildEnvironmentOptions {
  /** The scratch path of each output. */
  readonly scratch: ReadonlyMap<string, string>;
  /** `NIX_BUILD_CORES`. */
  readonly cores: number;
  /** Attributes set without an edit of the derivation; `true` and `false` become what Nix makes of Booleans. */
  readonly overrides?: ReadonlyMap<string, string>;
  /** The caller's environment, from which `impureEnvVars` are taken. */
  readonly impureEnv?: Readonly<Record<string, string | undefined>>;
  /** The closure of each path that {@link exportedPaths} names. */
  readonly graphs?: ReadonlyMap<string, ReferencesGraph>;
  /** `/build` where absent (the setting `sandbox-build-dir`). */
  readonly buildDirectory?: string;
  /** `/nix/store` where absent. */
  readonly storeDirectory?: string;
}

export interface BuilderFile {
  /** Absolute, in the sandbox. */
  readonly path: string;
  readonly contents: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
}

export interface BuildEnvironment {
  readonly builder: string;
  readonly args: readonly string[];
  /** Sorted by name; strings are as {@link decodePath} gives them. */
  readonly env: ReadonlyMap<string, string>;
  readonly files: readonly BuilderFile[];
  /** The scratch path of each output. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly structured: boolean;
  readonly fixedOutput: FixedOutput | null;
  /** False for fixed and impure outputs: their builder may use the network. */
  readonly sandboxed: boolean;
}

/**
 * The environment of a derivation's builder. Pure: the same derivation and options give the same bytes.
 *
 * @throws StrataError `format` where `__json` or `exportReferencesGraph` is malformed.
 */
export function buildEnvironment(
  derivation: Derivation,
  options: BuildEnvironmentOptions,
): BuildEnvironment {
  const directory = options.buildDirectory ?? '/build';
  const rewrites = outputRewrites(derivation, options.scratch);
  const attributes = structuredAttributes(derivation);
  const given =
    attributes === null
      ? plainAttributes(derivation, options, directory)
      : structuredFiles(derivation, attributes, options, directory);

  const env = new Map([
    ['PATH', '/path-not-set'],
    ['HOME', '/homeless-shelter'],
    ['NIX_STORE', options.storeDirectory ?? '/nix/store'],
    ['NIX_BUILD_CORES', String(options.cores)],
    ...given.env,
  ]);
  for (const name of ['NIX_BUILD_TOP', 'TMPDIR', 'TEMPDIR', 'TMP', 'TEMP', 'PWD']) {
    env.set(name, directory);
  }
  const fixed = fixedOutput(derivation);
  if (fixed !== null) env.set('NIX_OUTPUT_CHECKED', '1');
  const sandboxed = isSandboxed(derivation);
  if (!sandboxed) {
    for (const name of impureVariables(derivation, attributes)) {
      env.set(name, options.impureEnv?.[name] ?? '');
    }
  }
  env.set('NIX_LOG_FD', '2');
  env.set('TERM', 'xterm-256color');

  const sorted = [...env].sort(([a], [b]) => byteOrder(a, b));
  return {
    builder: rewriteText(derivation.builder, rewrites),
    args: derivation.args.map((argument) => rewriteText(argument, rewrites)),
    env: new Map(sorted.map(([name, value]) => [name, rewriteText(value, rewrites)])),
    files: given.files.map(({ name, text }) => ({
      path: `${directory}/${name}`,
      contents: encodePath(rewriteText(text, rewrites)),
      mode: 0o644,
    })),
    outputs: options.scratch,
    structured: attributes !== null,
    fixedOutput: fixed,
    sandboxed,
  };
}

/**
 * The store paths whose closures `exportReferencesGraph` wants, for `options.graphs`.
 *
 * @throws StrataError `format` where the attribute is malformed.
 */
export function exportedPaths(derivation: Derivation): readonly string[] {
  const attributes = structuredAttributes(derivation);
  const exports =
    attributes === null ? plainExports(derivation.env) : structuredExports(attributes);
  return [...new Set(exports.flatMap(({ paths }) => paths))];
}

interface Given {
  readonly env: readonly (readonly [string, string])[];
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

interface Export {
  readonly name: string;
  readonly paths: readonly string[];
}

function plainAttributes(
  derivation: Derivation,
  options: BuildEnvironmentOptions,
  directory: string,
): Given {
  const attributes = new Map(derivation.env);
  for (const [name, value] of options.overrides ?? []) attributes.set(name, plainValue(value));
  const asFile = new Set(words(attributes.get('passAsFile')));
  const env: [string, string][] = [];
  const files: { name: string; text: string }[] = [];
  for (const [name, value] of attributes) {
    if (asFile.has(name)) {
      const file = `.attr-${nixBase32(sha256(name))}`;
      files.push({ name: file, text: value });
      env.push([`${name}Path`, `${directory}/${file}`]);
    } else {
      env.push([name, value]);
    }
  }
  for (const { name, paths } of plainExports(attributes)) {
    files.push({ name, text: graphText(graphOf(paths, options)) });
  }
  return { env, files };
}

function structuredFiles(
  derivation: Derivation,
  attributes: JsonObject,
  options: BuildEnvironmentOptions,
  directory: string,
): Given {
  const json = new Map(Object.entries(attributes));
  for (const [name, value] of options.overrides ?? []) setAttribute(json, name, value);
  const outputs = [...derivation.outputs.keys()].map((name) => [name, options.scratch.get(name)]);
  json.set('outputs', Object.fromEntries(outputs) as JsonObject);
  for (const { name, paths } of structuredExports(attributes)) {
    json.set(name, graphJson(graphOf(paths, options)));
  }
  const whole: JsonObject = Object.fromEntries(json);
  return {
    env: [
      ['NIX_ATTRS_SH_FILE', `${directory}/.attrs.sh`],
      ['NIX_ATTRS_JSON_FILE', `${directory}/.attrs.json`],
    ],
    files: [
      { name: '.attrs.sh', text: attributesShell(whole) },
      { name: '.attrs.json', text: attributesJson(whole) },
    ],
  };
}

/** nixpkgs keeps what is to be exported in the set `env`: a name that is there is set there. */
function setAttribute(json: Map<string, JsonValue>, name: string, value: string): void {
  const env = json.get('env');
  if (isObject(env) && Object.hasOwn(env, name)) {
    json.set('env', { ...env, [name]: plainValue(value) });
  } else {
    json.set(name, value === 'true' ? true : value === 'false' ? false : value);
  }
}

/** What Nix makes of a Boolean in a plain attribute: `true` is `1` and `false` is nothing. */
export function plainValue(value: string): string {
  return value === 'true' ? '1' : value === 'false' ? '' : value;
}

function structuredAttributes(derivation: Derivation): JsonObject | null {
  const json = derivation.env.get('__json');
  return json === undefined ? null : parseStructuredAttributes(json);
}

/** The variables that a builder gets from whoever builds, such as proxies with their passwords. */
export function impureVariables(
  derivation: Derivation,
  attributes: JsonObject | null = structuredAttributes(derivation),
): readonly string[] {
  if (attributes === null) return words(derivation.env.get('impureEnvVars'));
  return strings(attributes['impureEnvVars']);
}

function plainExports(attributes: ReadonlyMap<string, string>): readonly Export[] {
  const tokens = words(attributes.get('exportReferencesGraph'));
  if (tokens.length % 2 !== 0) {
    throw badExport(`odd number of tokens in 'exportReferencesGraph': '${tokens.join(' ')}'`);
  }
  const exports: Export[] = [];
  for (let at = 0; at < tokens.length; at += 2) {
    const name = tokens[at] ?? '';
    if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)) {
      throw badExport(`invalid file name '${name}' in 'exportReferencesGraph'`);
    }
    exports.push({ name, paths: [storeObject(tokens[at + 1] ?? '')] });
  }
  return exports;
}

function structuredExports(attributes: JsonObject): readonly Export[] {
  const graph = attributes['exportReferencesGraph'];
  if (!isObject(graph)) return [];
  return Object.entries(graph).map(([name, value]) => ({
    name,
    paths: strings(typeof value === 'string' ? [value] : value).map(storeObject),
  }));
}

function graphOf(paths: readonly string[], options: BuildEnvironmentOptions): ReferencesGraph {
  return mergeGraphs(paths.map((path) => options.graphs?.get(path) ?? []));
}

/** The store object that a path is or lies in (Nix: `Store::toStorePath`). */
function storeObject(path: string): string {
  const object = /^\/.*?\/[0-9a-df-np-sv-z]{32}-[^/]+/.exec(path)?.[0];
  if (object === undefined) {
    throw badExport(`'exportReferencesGraph' contains a non-store path '${path}'`);
  }
  return object;
}

function strings(value: JsonValue | undefined): readonly string[] {
  return isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Nix: `tokenizeString` with its own separators. */
function words(text: string | undefined): readonly string[] {
  return (text ?? '').split(/[ \t\n\r]+/).filter((word) => word !== '');
}

function badExport(reason: string): StrataError {
  return new StrataError({ code: 'format', operation: 'reading the derivation', reason });
}
