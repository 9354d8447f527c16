import { describe, expect, it } from 'vitest';
import { parseNarInfo } from '../../../src-main/nix/nar-info.ts';

describe('an entry of a binary cache', () => {
  it('is read as Nix 2.8 to 2.34 write it', () => {
    const text = [
      'StorePath: /nix/store/zna870pkzdlqwd3w9z4jm97rnblf08ds-hello-1.0',
      'URL: nar/01bg.nar.zst',
      'Compression: zstd',
      'FileHash: sha256:01bg',
      'FileSize: 3210',
      'NarHash: sha256:1lk6',
      'NarSize: 16656',
      'References: a-one b-two',
      'Sig: first-1:AAAA==',
      'Sig: second-1:BBBB==',
      '',
    ].join('\n');
    expect(parseNarInfo(text)).toEqual({
      storePath: '/nix/store/zna870pkzdlqwd3w9z4jm97rnblf08ds-hello-1.0',
      url: 'nar/01bg.nar.zst',
      fileSize: 3210,
      fileHash: 'sha256:01bg',
      compression: 'zstd',
      narHash: 'sha256:1lk6',
      narSize: 16656,
      references: ['a-one', 'b-two'],
      signatures: ['first-1:AAAA==', 'second-1:BBBB=='],
    });
  });

  it('may say little, but not nothing', () => {
    expect(
      parseNarInfo('StorePath: /nix/store/x\nURL: nar/x.nar\nReferences: \nFileSize: many\n'),
    ).toEqual({
      storePath: '/nix/store/x',
      url: 'nar/x.nar',
      fileSize: null,
      fileHash: null,
      compression: 'bzip2',
      narHash: null,
      narSize: null,
      references: [],
      signatures: [],
    });
    expect(parseNarInfo('')).toBeNull();
    expect(parseNarInfo('StorePath: /nix/store/x\n')).toBeNull();
  });
});
