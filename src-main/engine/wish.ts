/** A front's wish as the engine takes it. */
import { existsSync } from 'node:fs';
import type { Wish } from '../protocol/methods.ts';
import type { BuildWish } from './engine.ts';
import { sandboxPolicy } from './sandbox-policy.ts';

/**
 * @param cwd where relative paths begin
 * @throws StrataError `usage` where it contradicts itself.
 */
export function buildWish(wish: Wish, cwd: string): BuildWish {
  const { sandbox, binds, network } = wish;
  // `strict` is what a front says where a person has said nothing, and may be relaxed by what they said.
  const relaxed = sandbox === 'strict' && (network || binds.length > 0);
  return {
    target: wish.target === '' ? null : wish.target,
    attribute: blankIsNull(wish.attribute),
    from: blankIsNull(wish.from),
    until: blankIsNull(wish.until),
    reuse: wish.reuse,
    policy: sandboxPolicy(
      { sandbox: relaxed ? 'relaxed' : sandbox, binds, network },
      { cwd, exists: existsSync },
    ),
    overrides: new Map(wish.set),
    evaluation: {
      args: wish.args,
      argstrs: wish.argstrs,
      options: wish.options,
      impure: wish.impure,
    },
  };
}

function blankIsNull(text: string | null): string | null {
  return text === '' ? null : text;
}
