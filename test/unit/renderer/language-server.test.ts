import { assert, beforeEach, describe, it, vi } from 'vitest';
import type { editor } from 'monaco-editor/editor';
import { localError } from '../../../src-main/protocol/wire-error.ts';
import {
  followText,
  useLanguageServer,
} from '../../../src-renderer/editor/language/language-server.ts';

const started: string[] = [];
vi.mock('../../../src-renderer/connection/connection.ts', () => ({
  callEngine: () => Promise.resolve({}),
  listenEngine: (_: string, { file }: { file: string }) => {
    started.push(file);
    return Promise.reject(
      localError('environment', 'running the language server nil', 'it died twice: oom'),
    );
  },
}));

function text(path: string): editor.ITextModel {
  return {
    uri: { fsPath: path },
    onDidChangeContent: () => undefined,
    onWillDispose: () => undefined,
    getVersionId: () => 1,
    getValue: () => '{ }',
  } as unknown as editor.ITextModel;
}

const failed = () => vi.waitFor(() => assert.isNotNull(useLanguageServer.getState().startAgain));

describe('a language server that died for good', () => {
  beforeEach(() => {
    started.length = 0;
    useLanguageServer.setState({ language: null, problem: null, startAgain: null });
  });

  it('is started again where one asks for it, and with the next file', async () => {
    followText(text('/a.nix'), () => undefined);
    await failed();
    assert.strictEqual(useLanguageServer.getState().problem?.reason, 'it died twice: oom');
    useLanguageServer.getState().startAgain?.();
    assert.isNull(useLanguageServer.getState().problem);
    await failed();
    followText(text('/b.nix'), () => undefined);
    await failed();
    assert.deepStrictEqual(started, ['/a.nix', '/a.nix', '/b.nix']);
  });
});
