/** What builds leave that is no ordinary file, or that nobody may read, or whose name is no text. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../../src-main/snapshots/change.ts';
import { nixReason } from '../real-nix.ts';
import { overlayRefusal, titled } from '../snapshots/mounted.ts';
import { Build, STDENV, type Built } from './build.ts';
import { leftovers } from './leftovers.ts';
import { strata } from './strata.ts';
import { defects } from './wholeness.ts';

const PACKAGE = `${STDENV} {
  name = "odd";
  phases = [ "makePhase" "changePhase" "installPhase" ];
  makePhase = ''
    mkdir tree; cd tree
    printf line > $'new\\nline'; printf byte > $'in\\377valid'; printf dash > ./-rf
    mkdir secret; echo hidden > secret/file; chmod 000 secret/file secret
    echo mute > mute; chmod 000 mute
    mkfifo pipe
    perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "socket", Listen => 1) or die'
    mknod null c 1 3 || echo no character device
    mknod disk b 8 0 || echo no block device
    echo one > first; ln first second
    truncate -s 10G hollow; echo end >> hollow
    ln -s /etc/shadow escape; ln -s nowhere dangling
  '';
  changePhase = ''
    rm $'new\\nline'; printf more >> $'in\\377valid'
    echo two >> first; cat second
    rm pipe; echo file > pipe
    echo tail >> hollow
  '';
  installPhase = "mkdir $out; cp first $out/";
}`;

const overlay = await overlayRefusal();

describe.each([
  ['overlay', overlay],
  ['copy', null],
] as const)('odd files kept by the %s backend', (backend, refusal) => {
  const reason = nixReason ?? refusal;
  describe.skipIf(reason !== null)(titled('are', reason), () => {
    let build: Build;
    let result: Built;
    beforeAll(async () => {
      build = Build.open({ STRATA_SNAPSHOTTER: backend });
      result = await build.run(PACKAGE);
    });
    afterAll(async () => {
      await build.close();
    });

    const diff = async (phase: string): Promise<readonly Change[]> =>
      (await (await build.engine()).diff(`last:${phase}`, null)).changes;

    it('built, but no devices', () => {
      expect(result.status).toBe('succeeded');
      expect(result.lines).toContain('no character device');
      expect(result.lines).toContain('no block device');
    });

    it('listed as what they are', async () => {
      const changes = (await diff('makePhase')).filter(({ path }) => path !== '/build/env-vars');
      expect(
        changes.map((change) =>
          change.kind === 'removed'
            ? ''
            : `${change.path} ${change.entry.type} ${change.entry.mode.toString(8)} ${change.entry.size}`,
        ),
      ).toStrictEqual([
        '/build/tree directory 755 0',
        '/build/tree/-rf file 644 4',
        '/build/tree/dangling symlink 777 7',
        '/build/tree/escape symlink 777 11',
        '/build/tree/first file 644 4',
        '/build/tree/hollow file 644 10737418244',
        '/build/tree/in\udcffvalid file 644 4',
        '/build/tree/mute file 0 5',
        '/build/tree/new\nline file 644 4',
        '/build/tree/pipe fifo 644 0',
        '/build/tree/second file 644 4',
        '/build/tree/secret directory 0 0',
        '/build/tree/secret/file file 0 7',
        '/build/tree/socket socket 755 0',
      ]);
    });

    it('compared with what they were', async () => {
      const changes = (await diff('changePhase')).filter(({ path }) => path !== '/build/env-vars');
      expect(
        changes.map((change) =>
          change.kind === 'modified' && change.entry.type !== change.old.type
            ? `${change.path} from ${change.old.type} to ${change.entry.type}`
            : `${change.kind} ${change.path}`,
        ),
      ).toStrictEqual([
        'modified /build/tree/first',
        'modified /build/tree/hollow',
        'modified /build/tree/in\udcffvalid',
        'removed /build/tree/new\nline',
        '/build/tree/pipe from fifo to file',
        // Overlay gives each name a file of its own where one is written to through another (index=off).
        ...(backend === 'copy' ? ['modified /build/tree/second'] : []),
      ]);
    });

    it('read, those included that nobody may read', async () => {
      const read = async (path: string): Promise<string> => build.read('last:makePhase', path);
      expect(await read('/build/tree/in\udcffvalid')).toBe('byte');
      expect(await read('/build/tree/new\nline')).toBe('line');
      expect(await read('/build/tree/secret/file')).toBe('hidden\n');
      expect(await read('/build/tree/mute')).toBe('mute\n');
      expect(await build.read(result.snapshot, `${result.output}/first`)).toBe('one\ntwo\n');
      for (const path of ['pipe', 'socket']) {
        await expect(read(`/build/tree/${path}`)).rejects.toMatchObject({ code: 'usage' });
      }
      await expect(read('/build/tree/escape')).rejects.toMatchObject({ code: 'not-found' });
    });

    it('whole', async () => {
      expect(await defects(await build.engine())).toStrictEqual([]);
    });

    it('printed by the command line without harm to a terminal', () => {
      const { status, stdout } = strata(build.place, ['diff', 'last:makePhase'], {
        env: { STRATA_SNAPSHOTTER: backend },
      });
      expect(status).toBe(0);
      expect(stdout).toContain('new\\x0aline');
      expect(stdout).toContain('in\\xffvalid');
      const cat = strata(build.place, ['cat', 'last:makePhase:/build/tree/new\nline']);
      expect(cat).toMatchObject({ status: 0, stdout: 'line' });
    });

    it('kept from a shell', async () => {
      const script =
        "mkfifo own; mkdir shut; echo x > shut/file; chmod 000 shut; printf y > $'o\\nwn'; truncate -s 20G own-hollow";
      const args = ['shell', 'last:changePhase', '--keep', 'byhand', '--', script];
      const env = { STRATA_SNAPSHOTTER: backend };
      expect(strata(build.place, args, { env }).status).toBe(0);
      expect((await diff('changePhase')).length).toBeGreaterThan(0);
      const { changes } = await (await build.engine()).diff('byhand', null);
      expect(
        changes.map(({ path }) => path).filter((path) => !path.endsWith('env-vars')),
      ).toStrictEqual([
        '/build/tree/o\nwn',
        '/build/tree/own',
        '/build/tree/own-hollow',
        '/build/tree/shut',
        '/build/tree/shut/file',
      ]);
    });

    it('freed, all of them', async () => {
      await (
        await build.engine()
      ).collect({ olderThanDays: null, maxBytes: 0, kept: 'stay', dryRun: false });
      expect(leftovers(build.place)).toStrictEqual([]);
      const left = ['snapshots', 'keys', 'roots', 'runs'].flatMap((name) =>
        readdirSync(join(build.place.root, name)),
      );
      expect(left).toStrictEqual([]);
      expect(readdirSync(build.place.root).filter((name) => name === 'bases')).toStrictEqual([]);
    });
  });
});
