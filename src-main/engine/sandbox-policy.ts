/** `--sandbox`, `--bind` and `--network`: what the build may see of the host. */
import { resolve } from 'node:path';
import { StrataError } from '../protocol/errors.ts';
import type { HostBind, Policy, PolicyKind } from '../sandbox/policy.ts';

export const POLICY_KINDS: readonly PolicyKind[] = ['strict', 'relaxed', 'off'];

export interface SandboxWish {
  /** Undefined where --sandbox was not given. */
  readonly sandbox: PolicyKind | undefined;
  /** As typed: HOSTPATH or HOSTPATH=INSIDE. */
  readonly binds: readonly string[];
  readonly network: boolean;
}

/** The machine, as far as a policy speaks of it. */
export interface Host {
  readonly cwd: string;
  readonly exists: (path: string) => boolean;
}

/**
 * The policy that is wished for. `--bind` and `--network` make it relaxed by themselves.
 *
 * @throws StrataError `usage` where the options contradict each other or a path is not there.
 */
export function sandboxPolicy(wish: SandboxWish, host: Host): Policy {
  const { sandbox, binds, network } = wish;
  const relaxing = [...(binds.length > 0 ? ['--bind'] : []), ...(network ? ['--network'] : [])];
  if (relaxing.length === 0 && sandbox !== 'relaxed') return { kind: sandbox ?? 'strict' };
  if (sandbox === 'strict' || sandbox === 'off') throw contradiction(sandbox, relaxing);
  return { kind: 'relaxed', network, binds: binds.map((text) => hostBind(text, host)) };
}

/** A path that has an equals sign in its own name is taken whole where it exists. */
function hostBind(text: string, { cwd, exists }: Host): HostBind {
  const equals = exists(resolve(cwd, text)) ? -1 : text.indexOf('=');
  const source = resolve(cwd, equals < 0 ? text : text.slice(0, equals));
  const target = equals < 0 ? source : text.slice(equals + 1);
  if (text === '' || equals === 0) throw badBind(text, 'it names no path');
  if (!exists(source)) throw badBind(text, `there is no ${source} on this machine`);
  if (!target.startsWith('/')) {
    throw badBind(text, `the path inside must be absolute, and ${target || 'nothing'} is not`);
  }
  return { source, target, optional: false, keepLink: false };
}

function badBind(text: string, reason: string): StrataError {
  return new StrataError({
    code: 'usage',
    operation: `reading --bind ${text}`,
    reason,
    advice:
      'give a path of this machine, and after = where it is to appear: --bind /dev/dri=/dev/dri',
  });
}

function contradiction(sandbox: 'strict' | 'off', relaxing: readonly string[]): StrataError {
  const options = relaxing.join(' and ');
  return new StrataError({
    code: 'usage',
    operation: `reading --sandbox ${sandbox}`,
    reason:
      sandbox === 'strict'
        ? `${options} relax${relaxing.length === 1 ? 'es' : ''} the sandbox`
        : `without a sandbox the build sees the host's files and network, and ${options} adds nothing`,
    advice: sandbox === 'strict' ? 'leave out --sandbox strict' : `leave out ${options}`,
  });
}
