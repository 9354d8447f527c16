// An open file, followed on the disk.
import { assert, describe, it, vi } from 'vitest';
import { localError } from '../../../src-main/protocol/wire-error.ts';
import { modelOf, openFile } from '../../../src-renderer/editor/documents.ts';
import { useNotices } from '../../../src-renderer/store/notices.ts';

interface Told {
  readonly modifiedAt: number;
}

const engine = vi.hoisted(() => ({
  read: (): Promise<unknown> => Promise.reject(new Error('nothing to read')),
  tell: (told: { readonly modifiedAt: number }): Promise<void> =>
    Promise.reject(new Error(`${told.modifiedAt}`)),
}));
vi.mock('../../../src-renderer/connection/connection.ts', () => ({
  callEngine: (name: string) => (name === 'readFile' ? engine.read() : Promise.resolve({})),
  listenEngine: (_: string, __: unknown, onItem: (item: Told) => Promise<void>) => {
    engine.tell = onItem;
    return new Promise(() => undefined);
  },
}));
vi.mock('../../../src-renderer/editor/monaco.ts', () => ({
  loadMonaco: () =>
    Promise.resolve({
      Uri: { file: (path: string) => path },
      editor: {
        createModel: (text: string) => {
          let now = text;
          return {
            getValue: () => now,
            getAlternativeVersionId: () => now.length,
            getFullModelRange: () => null,
            onDidChangeContent: () => undefined,
            pushStackElement: () => undefined,
            pushEditOperations: (_: unknown, [edit]: readonly { readonly text: string }[]) => {
              now = edit?.text ?? now;
            },
          };
        },
      },
    }),
}));

describe('an open file', () => {
  it('that is away for a moment while git puts another in its place is followed all the same', async () => {
    engine.read = () => Promise.resolve({ text: 'one', modifiedAt: 1 });
    assert.isTrue(await openFile('/default.nix'));
    engine.read = () =>
      Promise.reject(localError('not-found', 'reading /default.nix', 'there is no such file'));
    await engine.tell({ modifiedAt: 2 });
    assert.deepStrictEqual(useNotices.getState().notices, []);
    engine.read = () => Promise.resolve({ text: 'another', modifiedAt: 3 });
    await engine.tell({ modifiedAt: 3 });
    assert.strictEqual(modelOf('/default.nix')?.getValue(), 'another');
  });
});
