/** Which runs are those of a target, however it was typed. */
import type { Run } from '../../src-main/protocol/methods.ts';
import { absolutePath } from './absolute-path.ts';

/** Those of a target that names the same file and attribute. `directory` is where relative paths begin. */
export function runsOfTarget(
  runs: readonly Run[],
  target: string,
  attribute: string | null,
  directory: string,
): readonly Run[] {
  const names = targetNames(target, attribute, directory);
  return runs.filter((run) => names.has(run.target) || names.has(withoutDefault(run.target)));
}

function targetNames(target: string, attribute: string | null, directory: string): Set<string> {
  const suffix = attribute === null ? '' : ` -A ${attribute}`;
  // Of a flake reference such as `.#hello` the path alone is made absolute.
  const at = /^\.{0,2}(?:\/[^#?]*)?(?=[#?])/.exec(target)?.[0].length ?? target.length;
  const place = target.slice(0, at);
  const path = absolutePath(place, directory) + target.slice(at);
  return new Set(
    [target, path, withoutDefault(path)].flatMap((name) => [
      `${name}${suffix}`,
      ...(attribute === null ? [] : [`${name}#${attribute}`]),
    ]),
  );
}

function withoutDefault(path: string): string {
  return path.replace(/\/default\.nix(?=$| -A )/, '').replace(/\/$/, '');
}
