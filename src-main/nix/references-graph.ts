/**
 * `exportReferencesGraph`: the closure of a store path as data for the builder. Plain derivations get the text of
 * `Store::makeValidityRegistration` without derivers and hashes, structured ones a list in their JSON
 * (Nix 2.8: src/libstore/store-api.cc, `pathInfoToJSON`).
 */
import { byteOrder } from './byte-order.ts';
import { nixBase32 } from './store-path.ts';
import type { JsonValue } from './structured-attributes.ts';

/** One store path of a closure. */
export interface GraphNode {
  readonly path: string;
  /** SHA-256 of the path's archive: `sha256:` and 52 characters of Nix's base 32. */
  readonly narHash: string;
  /** Bytes of the path's archive. */
  readonly narSize: number;
  /** Sorted; the path itself is among them where it refers to itself. */
  readonly references: readonly string[];
  /** The content address, such as `fixed:r:sha256:…`; null where the path has none. */
  readonly contentAddress: string | null;
}

/** A closure: every reference of a node is a node too. */
export type ReferencesGraph = readonly GraphNode[];

/** The nodes of all graphs, each once, sorted by path. */
export function mergeGraphs(graphs: readonly ReferencesGraph[]): ReferencesGraph {
  const nodes = new Map(graphs.flat().map((node) => [node.path, node]));
  return [...nodes.values()].sort((a, b) => byteOrder(a.path, b.path));
}

/** For each path: the path, an empty line for its deriver, the number of its references, and they. */
export function graphText(graph: ReferencesGraph): string {
  return graph
    .map(({ path, references }) =>
      [path, '', String(references.length), ...references, ''].join('\n'),
    )
    .join('');
}

/** The graph as structured attributes have it; `closureSize` is in bytes of archives. */
export function graphJson(graph: ReferencesGraph): JsonValue {
  const nodes = new Map(graph.map((node) => [node.path, node]));
  return graph.map((node) => ({
    ...(node.contentAddress === null ? {} : { ca: node.contentAddress }),
    closureSize: closureSize(node, nodes),
    narHash: node.narHash,
    narSize: node.narSize,
    path: node.path,
    references: node.references,
    valid: true,
  }));
}

function closureSize(root: GraphNode, nodes: ReadonlyMap<string, GraphNode>): number {
  const seen = new Set([root]);
  for (const node of seen) {
    for (const reference of node.references) {
      const next = nodes.get(reference);
      if (next !== undefined) seen.add(next);
    }
  }
  let bytes = 0;
  for (const node of seen) bytes += node.narSize;
  return bytes;
}

/**
 * The nodes in the output of `nix-store --dump-db` (Nix: `makeValidityRegistration` with derivers and hashes): per path
 * its name, hash in base 16, size, deriver, number of references, and these, a line each.
 *
 * @param contentAddresses what is known of content addresses, by path.
 */
export function parseValidityRegistration(
  text: string,
  contentAddresses: ReadonlyMap<string, string>,
): ReferencesGraph {
  const lines = text.split('\n');
  const nodes: GraphNode[] = [];
  let at = 0;
  while (at + 4 < lines.length) {
    const [path = '', hash = '', size = '', , count = ''] = lines.slice(at, at + 5);
    const references = lines.slice(at + 5, at + 5 + Number(count));
    nodes.push({
      path,
      narHash: `sha256:${nixBase32(Buffer.from(hash, 'hex'))}`,
      narSize: Number(size),
      references,
      contentAddress: contentAddresses.get(path) ?? null,
    });
    at += 5 + references.length;
  }
  return nodes;
}
