/** The two ways to list a tree. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestFiles } from '../../../src-main/snapshots/file-digests.ts';
import { findTree } from '../../../src-main/snapshots/listing.ts';
import { sortByPath } from '../../../src-main/snapshots/path-order.ts';
import { walkTree } from '../../../src-main/snapshots/tree-walk.ts';
import { temporaryDirectory } from './mounted.ts';

describe('listing a tree', () => {
  it('says the same by find and by walking', async () => {
    const directory = temporaryDirectory();
    const script = `
      mkdir -p d/e; echo f >d/f; ln d/f d/g; ln -s ../d l; mkfifo p; truncate -s 1M s; chmod 4711 d/f
      : >"$(printf 'new\\nline')"; : >"$(printf 'inv\\377')"; touch -d @0.000000001 d; ln -s "$(printf 'x\\n\\377')" m`;
    execFileSync('sh', ['-ec', script], { cwd: directory });
    const walked = walkTree(directory, 100);
    expect(walked?.length).toBe(10);
    expect(sortByPath(walked ?? [])).toStrictEqual(sortByPath(await findTree(directory)));
    expect(walkTree(directory, 9)).toBeUndefined();
    expect(walkTree(join(directory, 'none'), 9)).toBeUndefined();
  });

  it('digests few and many files alike, whatever their names', async () => {
    const directory = temporaryDirectory();
    const script = `
      for i in $(seq 300); do echo $i >f$i; done
      echo n >"$(printf 'new\\nline')"; echo i >"$(printf 'inv\\377')"; echo b >'back\\slash'; echo d >-z; : >empty`;
    execFileSync('sh', ['-ec', script], { cwd: directory });
    const files = [
      ...Array.from({ length: 300 }, (_, index) => ({
        path: `/f${index + 1}`,
        contents: `${index + 1}\n`,
      })),
      { path: '/new\nline', contents: 'n\n' },
      { path: '/inv\udcff', contents: 'i\n' },
      { path: '/back\\slash', contents: 'b\n' },
      { path: '/-z', contents: 'd\n' },
      { path: '/empty', contents: '' },
    ].map((file) => ({ ...file, size: file.contents.length, allocated: file.contents.length }));
    const expected = files.map(({ contents }) =>
      createHash('sha256').update(contents).digest('hex'),
    );
    expect(await digestFiles(directory, files)).toStrictEqual(expected);
    expect(await digestFiles(directory, files.slice(290))).toStrictEqual(expected.slice(290));
  });
});
