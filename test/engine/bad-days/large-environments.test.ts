/** Environments, arguments and closures as large as Nix takes them, and larger. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nixReason } from '../real-nix.ts';
import { titled } from '../snapshots/mounted.ts';
import { Build, STDENV } from './build.ts';
import { leftovers } from './leftovers.ts';

const text = (length: number): string =>
  `(builtins.concatStringsSep "" (builtins.genList (_: "0123456789") ${length / 10}))`;

describe.skipIf(nixReason !== null)(titled('a derivation', nixReason), () => {
  let build: Build;
  beforeAll(() => {
    build = Build.open();
  });
  afterAll(async () => {
    expect(leftovers(build.place)).toStrictEqual([]);
    await build.close();
  });

  it('of two megabytes of variables builds, each phase with all of them', async () => {
    const result = await build.run(`${STDENV} ({
      name = "wide";
      phases = [ "buildPhase" "installPhase" ];
      buildPhase = "env | wc -c; grown=x";
      installPhase = "mkdir $out; env | wc -c; echo \\\${#v7}";
    } // builtins.listToAttrs (builtins.genList (n: { name = "v\${toString n}"; value = ${text(10_000)}; }) 190))`);
    expect(result.status).toBe('succeeded');
    const [inBuild = 0, inInstall = 0, length = 0] = result.lines
      .filter((line) => /^\d+$/.test(line))
      .map(Number);
    expect(inBuild).toBeGreaterThan(1_900_000);
    // The phases' own variables differ a little.
    expect(Math.abs(inInstall - inBuild)).toBeLessThan(2000);
    expect(length).toBe(10_000);
  });

  it('with one variable that no program can be started with is refused, as by Nix', async () => {
    const expression = `${STDENV} { name = "long"; big = ${text(140_000)}; }`;
    await expect(build.run(expression)).rejects.toMatchObject({
      code: 'environment',
      reason: expect.stringContaining('Argument list too long') as string,
      advice: expect.stringMatching(/the largest big with 140004 bytes[^]*passAsFile/) as string,
    });
    const { status, stderr } = spawnSync('nix-build', ['--no-out-link', build.file(expression)], {
      env: build.place.env,
      encoding: 'utf8',
    });
    expect(status).not.toBe(0);
    expect(stderr).toContain('Argument list too long');
  });

  it('with a builder’s argument of 120 kB builds', async () => {
    const result = await build.run(`derivation {
      name = "script"; system = builtins.currentSystem; builder = "/bin/bash";
      args = [ "-c" "/bin/mkdir $out # it's long: \${${text(120_000)}}\\n" ];
    }`);
    expect(result.status).toBe('succeeded');
  });

  it('of three thousand inputs sees all of them, and can write to none', async () => {
    const result = await build.run(`
      let
        inputs = builtins.genList (n: builtins.toFile "input-\${toString n}" (toString n)) 3000;
        group = n: builtins.genList (m: builtins.elemAt inputs (n * 1000 + m)) 1000;
      in ${STDENV} {
        name = "many";
        phases = [ "buildPhase" ];
        first = group 0; second = group 1; third = group 2;
        buildPhase = ''
          echo seen $(cat $first $second $third | wc -c)
          set -- $third
          chmod +w $1 || echo no chmod
          echo x >> $1 || echo no write
          mkdir $out
        '';
      }`);
    expect(result.status).toBe('succeeded');
    // 10 of one digit, 90 of two, 900 of three, 2000 of four.
    expect(result.lines).toContain('seen 10890');
    expect(result.lines).toContain('no chmod');
    expect(result.lines).toContain('no write');
  });
});
