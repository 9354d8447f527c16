/** What a sandbox exposes of the host beyond the input closure. */

/** A host path shown inside the sandbox, read-only. */
export interface HostBind {
  /** Absolute path on the host. */
  readonly source: string;
  /** Absolute path inside. */
  readonly target: string;
  /** Whether a missing source is passed over; Nix writes such a `sandbox-paths` entry with a trailing `?`. */
  readonly optional: boolean;
  /**
   * Whether a source that is a symbolic link appears as that link. Nix does so for store paths and follows links named in
   * `sandbox-paths`.
   */
  readonly keepLink: boolean;
}

export type Policy =
  /** What this machine's Nix would show, its `sandbox-paths` included. */
  | { readonly kind: 'strict' }
  /** Strict, and the named host paths and the network where asked for. */
  | { readonly kind: 'relaxed'; readonly binds: readonly HostBind[]; readonly network: boolean }
  /**
   * The host's filesystem below the layer, and the host's network: Nix's `sandbox = false`, but layered. What a build writes
   * goes to its layer; devices and the sockets of the host's services are the real ones.
   */
  | { readonly kind: 'off' };

export type PolicyKind = Policy['kind'];

/**
 * A policy as one line that tells two apart, for reuse keys and for people: `strict`, `relaxed, network, /dev/dri`, `off`.
 */
export function policyText(policy: Policy): string {
  if (policy.kind !== 'relaxed') return policy.kind;
  const binds = policy.binds.map(({ source, target }) =>
    source === target ? target : `${target}=${source}`,
  );
  return ['relaxed', ...(policy.network ? ['network'] : []), ...binds.toSorted()].join(', ');
}
