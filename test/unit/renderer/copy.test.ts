import { afterEach, assert, beforeEach, describe, it, vi } from 'vitest';
import { copyAndTell } from '../../../src-renderer/store/copy.ts';
import { useNotices } from '../../../src-renderer/store/notices.ts';

const said = () =>
  useNotices
    .getState()
    .notices.map((notice) => (notice.kind === 'news' ? notice.text : notice.error.reason));

describe('copying', () => {
  beforeEach(() => useNotices.setState({ notices: [] }));
  afterEach(() => vi.unstubAllGlobals());

  it('says that it was done, or that it was not allowed', async () => {
    const writeText = vi.fn().mockResolvedValueOnce(undefined).mockRejectedValueOnce(new Error());
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    await copyAndTell('strata run', 'The command line');
    await copyAndTell('strata run', 'The command line');
    assert.deepStrictEqual(said(), [
      'The command line is on the clipboard.',
      'The command line is not on the clipboard: the browser refused.',
    ]);
  });
});
