/** As many layers as a build is ever likely to have, and more than a mount takes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nixReason } from '../real-nix.ts';
import { titled } from '../snapshots/mounted.ts';
import { Build, STDENV } from './build.ts';

const packageOf = (count: number): string => `
let names = builtins.genList (n: "p\${toString n}Phase") ${count};
in ${STDENV} ({
  name = "layers-${count}";
  phases = names;
} // builtins.listToAttrs (map (name: { inherit name; value = "echo $curPhase > \${name}; mkdir -p $out"; }) names))`;

/** Once is enough for so many: as an ordinary user the way there is the same. */
const COUNT = process.env['STRATA_TEST_AS'] === 'ordinary-user' ? 60 : 300;

describe.skipIf(nixReason !== null)(titled(`a build of ${COUNT} phases`, nixReason), () => {
  let build: Build;
  beforeAll(() => {
    build = Build.open();
  });
  afterAll(async () => {
    await build.close();
  });

  it('has as many layers, all of them in the last state, and is reused as a whole', async () => {
    const first = await build.run(packageOf(COUNT));
    expect(first.status).toBe('succeeded');
    expect(await build.read(first.snapshot, '/build/p0Phase')).toBe('p0Phase\n');
    const { changes } = await (await build.engine()).diff(first.snapshot, null);
    expect(changes.map(({ path }) => path)).toContain(`/build/p${COUNT - 1}Phase`);
    const second = await build.run(packageOf(COUNT));
    expect(new Set(second.phases.map(([, status]) => status))).toStrictEqual(new Set(['reused']));
  }, 600_000);
});
