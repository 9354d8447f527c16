/**
 * Full, read-only and unfit file systems. They are made in a mount namespace, so the code runs in it too, as a program of
 * its own.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { namespaceRefusal, temporaryDirectory, titled } from './mounted.ts';

const refusal = namespaceRefusal();

describe.skipIf(refusal !== null)(titled('a file system that refuses', refusal), () => {
  /** Runs statements on a file system mounted at the working directory; they print JSON. */
  function runOn(mounting: string, statements: string): unknown {
    const place = temporaryDirectory();
    const program = join(place, 'program.mjs');
    const sources = new URL('../../../src-main/snapshots/', import.meta.url).pathname;
    buildSync({
      stdin: {
        contents: `
          import { readFileSync, rmSync, writeFileSync } from 'node:fs';
          import { openSnapshotter } from './choose-backend.ts';
          import { overlaySnapshotter } from './overlay-snapshotter.ts';
          import { copySnapshotter } from './copy-snapshotter.ts';
          import { probeOverlay } from './overlay-probe.ts';
          import { sweep } from './sweep.ts';
          const brief = ({ code, reason, advice }) => ({ code, reason, advice });
          const root = process.cwd() + '/store';
          const result = await (async () => { ${statements} })();
          console.log(JSON.stringify(result));`,
        resolveDir: sources,
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: program,
    });
    const script = `mkdir disk; ${mounting}\ncd disk\nexec "${process.execPath}" ../program.mjs`;
    const output = execFileSync(
      'unshare',
      ['--user', '--map-root-user', '--mount', 'sh', '-ec', script],
      { cwd: place, encoding: 'utf8' },
    );
    return JSON.parse(output);
  }

  it('when full: says so, and the snapshot is still active and can be committed later', () => {
    const outcome = runOn(
      'mount -t tmpfs -o size=300k tmpfs disk',
      `
      const snapshotter = overlaySnapshotter(root);
      const { directory, key } = await snapshotter.prepare('key', null);
      for (let i = 0; i < 100; i += 1) writeFileSync(directory + '/layer/file' + i, '');
      const changes = await snapshotter.changes(key);
      let fill = '';
      try { for (;;) { fill += 'x'.repeat(4096); writeFileSync(root + '/fill', fill); } } catch {}
      const full = await snapshotter.commit('name', key, changes).then(() => 'committed', brief);
      const { kind } = await snapshotter.stat(key);
      rmSync(root + '/fill');
      await snapshotter.commit('name', key, changes);
      return { full, kind, recorded: (await snapshotter.recordedChanges('name')).length };`,
    );
    expect(outcome).toStrictEqual({
      full: {
        code: 'environment',
        reason: 'no space is left on the file system',
        advice: 'free some space: strata gc --max-size SIZE removes snapshots nothing needs',
      },
      kind: 'active',
      recorded: 100,
    });
  });

  it('when full while copying: says so, and leaves no half snapshot', () => {
    const outcome = runOn(
      'mount -t tmpfs -o size=600k tmpfs disk',
      `
      const snapshotter = copySnapshotter(root);
      const { directory, key } = await snapshotter.prepare('key', null);
      writeFileSync(directory + '/tree/big', 'x'.repeat(400_000));
      await snapshotter.commit('name', key, await snapshotter.changes(key));
      const full = await snapshotter.prepare('next', 'name').then(() => 'prepared', brief);
      return { full, after: await snapshotter.stat('next').catch(({ code }) => code) };`,
    );
    expect(outcome).toMatchObject({
      full: { code: 'environment', reason: 'no space is left on the file system' },
      after: 'not-found',
    });
  });

  it('when read-only: what is there can be read, and writing says why not', () => {
    const outcome = runOn(
      'mount -t tmpfs tmpfs disk',
      `
      const { execFileSync } = await import('node:child_process');
      const first = copySnapshotter(root);
      const { directory, key } = await first.prepare('key', null);
      writeFileSync(directory + '/tree/file', 'contents');
      await first.commit('name', key, await first.changes(key));
      process.chdir('/');
      // Of this mount alone: an ordinary user's tmpfs does not take its own options back.
      execFileSync('mount', ['-o', 'remount,bind,ro', root + '/..']);
      const { snapshotter, backend, reason } = await openSnapshotter(root);
      await sweep(root);
      const chunks = [];
      for await (const chunk of await snapshotter.readFile('name', '/file')) chunks.push(chunk);
      const writing = await snapshotter.prepare('next', 'name').then(() => 'prepared', brief);
      return { backend, reason: reason.replace(/only: .*/, 'only'), contents: Buffer.concat(chunks).toString(), code: writing.code,
        refused: writing.reason.replace(/: .*/, ''), advice: writing.advice };`,
    );
    expect(outcome).toMatchObject({
      backend: 'copy',
      reason: 'overlay mounts are refused: the file system is read-only',
      contents: 'contents',
      code: 'environment',
      refused: 'the file system is read-only',
      advice: 'set XDG_CACHE_HOME to a directory that can be written',
    });
  });

  it('when unfit for overlay: the probe says so in the words of mount', () => {
    // As in a container whose root is an overlay: one cannot be the upper layer of another.
    const outcome = runOn(
      'mount -t tmpfs tmpfs disk; mkdir disk/lower disk/upper disk/work disk/merged; cd disk; mount -t overlay -o userxattr,lowerdir=lower,upperdir=upper,workdir=work overlay merged; cd ..; mount --bind disk/merged disk',
      `return probeOverlay(process.cwd());`,
    );
    expect(outcome).toMatchObject({ kind: 'refused' });
  });
});
