/** The command that enters a held sandbox; test/engine/bad-days/held-phase.test.ts runs it. */
import { expect, it } from 'vitest';
import { attachCommand } from '../../../src-main/shells/attach-command.ts';

it('goes through the user namespace that the sandbox was made in', () => {
  const words = attachCommand({ pid: 7, maker: 5, namespaces: ['--user', '--mount'] });
  expect(words.join(' ')).toBe(
    'nsenter --preserve-credentials --target 5 --user ' +
      'nsenter --preserve-credentials --target 7 --user --mount --wd ' +
      '/proc/1/exe --noprofile --rcfile /.strata/attach.bash -i',
  );
});
