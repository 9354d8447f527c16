/** `.drv` files that are cut off, or in which a bit has fallen over. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDerivation } from '../../../src-main/nix/aterm.ts';
import { StrataError } from '../../../src-main/protocol/errors.ts';
import { nixReason } from '../real-nix.ts';
import { titled } from '../snapshots/mounted.ts';
import { Build } from './build.ts';
import { leftovers } from './leftovers.ts';
import { randomNumbers, seed } from './random.ts';
import { strata } from './strata.ts';

const HELLO = new URL('../../../resources/examples/hello', import.meta.url).pathname;

describe.skipIf(nixReason !== null)(titled('a damaged .drv', nixReason), () => {
  let build: Build;
  let whole: Buffer;
  beforeAll(() => {
    build = Build.open();
    const path = execFileSync('nix-instantiate', [HELLO], {
      env: build.place.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    whole = readFileSync(path);
  });
  afterAll(async () => {
    await build.close();
  });

  function damaged(name: string, bytes: Uint8Array): string {
    const path = join(build.place.directory, `${name}.drv`);
    writeFileSync(path, bytes);
    return path;
  }

  function flipped(random: () => number): Buffer {
    const bytes = Buffer.from(whole);
    const at = Math.floor(random() * bytes.length);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << Math.floor(random() * 8)), at);
    return bytes;
  }

  it('is no derivation wherever it is cut off', () => {
    for (let length = 0; length < whole.length; length += 7) {
      expect(() => parseDerivation(whole.subarray(0, length), 'cut.drv'), `${length}`).toThrow(
        StrataError,
      );
    }
  });

  it('is a derivation or is refused, whichever bit is wrong', () => {
    const random = randomNumbers(seed);
    for (let count = 0; count < 3000; count += 1) {
      try {
        parseDerivation(flipped(random), 'flipped.drv');
      } catch (error) {
        expect(error, `seed ${seed}, flip ${count}`).toBeInstanceOf(StrataError);
      }
    }
  });

  it('builds, fails to build, or is refused in words, and leaves nothing', async () => {
    const random = randomNumbers(seed);
    for (let count = 0; count < 10; count += 1) {
      const what = `seed ${seed}, flip ${count}`;
      const target = damaged(`flipped-${count}`, flipped(random));
      try {
        await build.run('', { target });
      } catch (error) {
        if (!(error instanceof StrataError)) throw new Error(what, { cause: error });
        expect(error.reason, what).not.toBe('');
      }
      expect(leftovers(build.place), what).toStrictEqual([]);
    }
  });

  it('is named on the command line, with the byte, and exit status 2', () => {
    const target = damaged('cut', whole.subarray(0, 1000));
    const { status, stderr } = strata(build.place, ['run', target]);
    expect(status).toBe(2);
    expect(stderr).toContain('no derivation: at byte 1000, the end of the file,');
    expect(stderr).toContain(target);
  });
});
