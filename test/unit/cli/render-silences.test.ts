// The end of what `strata libs` prints: of whom the loader said nothing.
import { expect, test } from 'vitest';
import { renderSilences } from '../../../src-main/cli/render/render-silences.ts';
import { PLAIN } from '../../../src-main/cli/terminal/style.ts';

test('names each program, its processes and why', () => {
  const programs = [
    { program: '/bin/busybox', processes: 3, phase: 'checkPhase', why: { kind: 'static' } },
    { program: '/build/t', processes: 1, phase: 'checkPhase', why: { kind: 'gone' } },
  ] as const;
  expect([...renderSilences({ programs, untold: [] }, 'strata', PLAIN)]).toStrictEqual([
    '',
    'silent: /bin/busybox, 3 processes in checkPhase: linked statically, so it has no loader',
    'silent: /build/t, 1 process in checkPhase: the file is gone, so it cannot be seen how it was linked',
  ]);
});

test('says how to know it where system calls were not traced', () => {
  const lines = [...renderSilences({ programs: [], untold: ['checkPhase'] }, 'strata', PLAIN)];
  expect(lines.join('\n')).toContain('strata run --trace ld --trace syscalls --from checkPhase');
});

test('says nothing where all spoke', () => {
  expect([...renderSilences({ programs: [], untold: [] }, 'strata', PLAIN)]).toStrictEqual([]);
});
