/**
 * A cache on a file system that is too small. It is mounted in a namespace, so the engine runs in it too, as a process of
 * its own; what is left there is looked at from inside.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nixReason } from '../real-nix.ts';
import { namespaceRefusal, titled } from '../snapshots/mounted.ts';
import { STDENV } from './build.ts';
import { engineProgram, newPlace } from './engine-process.ts';
import { WITHIN_REASON } from './strata.ts';
import type { Outcome } from './engine-program.ts';

const reason = nixReason ?? namespaceRefusal();

interface OnDisk {
  readonly outcomes: readonly Outcome[];
  /** What lies below `active` and `trash`. */
  readonly left: readonly string[];
  readonly usedKilobytes: number;
}

/** Builds on disks of such sizes, one after the other: each is the one before, made larger. */
function buildOn(sizes: readonly string[], expression: string): OnDisk {
  const place = newPlace();
  const target = join(place.directory, 'default.nix');
  writeFileSync(target, expression);
  const disk = join(place.directory, 'disk');
  mkdirSync(disk);
  const script = [
    'set -e',
    `mount -t tmpfs -o size=${sizes[0] ?? ''} tmpfs "$1"`,
    ...sizes.map((size) => `mount -o remount,size=${size} tmpfs "$1"; "$2" "$3" "$4" || exit 9`),
    'find "$1/strata/active" "$1/strata/trash" -mindepth 1 -maxdepth 1 -printf "left %P\\n"',
    'pgrep -f "$1/strata" | sed "s/^/left process /" || true',
    'df -k --output=used "$1" | tail -1 | sed "s/^/used /"',
  ].join('\n');
  const words = ['sh', disk, process.execPath, engineProgram(), target];
  const { stdout, stderr, status } = spawnSync(
    'unshare',
    ['--user', '--map-root-user', '--mount', 'sh', '-c', script, ...words],
    {
      env: { ...place.env, XDG_CACHE_HOME: disk },
      cwd: place.directory,
      encoding: 'utf8',
      ...WITHIN_REASON,
    },
  );
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
  const lines = stdout.split('\n');
  return {
    outcomes: lines
      .filter((line) => line.startsWith('{"kind"'))
      .map((line) => JSON.parse(line) as Outcome),
    left: lines.filter((line) => line.startsWith('left ')),
    usedKilobytes: Number(lines.find((line) => line.startsWith('used '))?.slice(5)),
  };
}

const NO_SPACE = {
  kind: 'refused',
  code: 'environment',
  reason: expect.stringMatching(
    /no space is left on the file system|could not be written/,
  ) as string,
  advice: expect.stringContaining('strata gc --max-size SIZE') as string,
};

describe.skipIf(reason !== null)(titled('a full disk', reason), () => {
  it('filled by a phase is named, is as empty afterwards as before it, and the next run succeeds', () => {
    const phases = (fill: string): string => `${STDENV} {
      name = "full";
      phases = [ "onePhase" "fillPhase" "installPhase" ];
      onePhase = "echo one > one";
      fillPhase = ''${fill}'';
      installPhase = "mkdir $out";
    }`;
    for (const fill of [
      'head -c 30000000 /dev/zero > big',
      'set +o pipefail; yes "$(printf %01000d 0)" | head -c 30000000',
    ]) {
      const { outcomes, left, usedKilobytes } = buildOn(['20m', '120m'], phases(fill));
      // Where a page is left to write it down, it is a phase that failed, and its log says why.
      const [first] = outcomes;
      if (first?.kind !== 'failed') expect(first).toMatchObject(NO_SPACE);
      expect(outcomes[1]).toMatchObject({ kind: 'succeeded' });
      expect(left).toStrictEqual([]);
      expect(usedKilobytes).toBeGreaterThan(29_000);
    }
  });

  it('is named at whatever step of a run it is met', () => {
    const expression = `${STDENV} {
      name = "small";
      phases = [ "onePhase" "twoPhase" "installPhase" ];
      onePhase = "head -c 40000 /dev/zero > one";
      twoPhase = "head -c 40000 /dev/zero > two";
      installPhase = "mkdir $out; cp one two $out/";
    }`;
    const sizes = Array.from({ length: 12 }, (_, index) => `${24 + index * 44}k`);
    const { outcomes, left } = buildOn([...sizes, '20m'], expression);
    expect(outcomes).toHaveLength(sizes.length + 1);
    for (const outcome of outcomes.slice(0, -1)) {
      // A phase that ran out of space itself, with room left for saying so, has failed as a build does.
      if (outcome.kind === 'refused') expect(outcome).toMatchObject(NO_SPACE);
    }
    expect(outcomes[0]).toMatchObject(NO_SPACE);
    expect(outcomes.at(-1)).toMatchObject({ kind: 'succeeded' });
    expect(left).toStrictEqual([]);
  });
});
