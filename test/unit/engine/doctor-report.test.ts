import fc from 'fast-check';
import { expect, test } from 'vitest';
import { absentTool, ok, type Finding } from '../../../src-main/engine/doctor-finding.ts';
import { doctorReport } from '../../../src-main/engine/doctor-report.ts';

const sandboxOff: Finding = {
  name: 'Nix sandbox',
  status: 'limited',
  found: 'off (sandbox = false)',
  without: 'Nix itself builds without a sandbox here',
  get: 'put this line into /etc/nix/nix.conf:\n  sandbox = true',
  required: false,
};

test('aligns names, wraps prose and leaves commands whole', () => {
  const findings = [ok('Nix', '2.8.0', true), sandboxOff, absentTool('bubblewrap', 'bwrap')];
  expect(doctorReport(findings, 60).join('\n')).toBe(
    `
✓ Nix          2.8.0
! Nix sandbox  off (sandbox = false)
               as it is: Nix itself builds without a sandbox
                 here
               to get it: put this line into
                 /etc/nix/nix.conf:
                   sandbox = true
✗ bubblewrap   the program bwrap is not on PATH
               as it is: snapshots can be listed, compared
                 and read; nothing can be built or entered
               to get it: apt-get install bubblewrap, or
                 nix-shell -p bubblewrap

Strata cannot build on this machine as it is. Missing: bubblewrap.
`.trim(),
  );
});

test('ends with what it comes to', () => {
  const last = (...findings: Finding[]): string | undefined => doctorReport(findings).at(-1);
  expect([last(ok('Nix', '2.8.0', true)), last(sandboxOff)]).toEqual([
    'Strata can build on this machine, and everything it can make use of is here.',
    'Strata can build on this machine. What is marked ! or ✗ above is not needed for that.',
  ]);
});

test('keeps every word, and every line that has room within the width', () => {
  const words = fc
    .array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 40 })
    .map((list) => list.join(' '));
  fc.assert(
    fc.property(words, fc.integer({ min: 50, max: 200 }), (found, width) => {
      const lines = doctorReport([ok('name', found)], width).slice(0, -2);
      expect(lines.join(' ').split(/\s+/).slice(2)).toEqual(found.split(' '));
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    }),
  );
});
