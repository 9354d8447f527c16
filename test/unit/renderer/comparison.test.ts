import { describe, expect, test } from 'vitest';
import type { Run } from '../../../src-main/protocol/methods.ts';
import {
  counterparts,
  differenceName,
  differenceText,
  differenceWhere,
} from '../../../src-renderer/libraries/comparison.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

function run(id: string, phases: Readonly<Record<string, readonly ('ld' | 'syscalls')[]>>): Run {
  return {
    id,
    derivation: '/nix/store/x.drv',
    target: '/home/me/render/default.nix',
    outputs: {},
    shown: { sandbox: 'strict', binds: [], network: false },
    reuse: 'smart',
    status: 'failed',
    initial: null,
    endsAt: null,
    unconfirmed: false,
    confirmation: null,
    createdAt: '2026-11-21T11:58:00Z',
    ms: 1,
    phases: Object.entries(phases).map(([name, traced]) => ({
      name,
      status: 'failed',
      why: '',
      snapshot: null,
      startedAt: null,
      ms: 1,
      exitCode: 1,
      traced: [...traced],
    })),
  };
}

describe('what a trace is compared with', () => {
  const runs = [
    run('new', { buildPhase: ['ld'], checkPhase: ['ld', 'syscalls'] }),
    run('old', { buildPhase: ['syscalls'], checkPhase: ['ld'] }),
  ];
  const values = (shown: Parameters<typeof counterparts>[1]) =>
    counterparts(runs, shown, now).map(({ value }) => value);

  test('are the phases whose libraries were traced, those of the same name first, never itself', () => {
    expect(values({ run: 'new', phase: 'checkPhase' })).toStrictEqual([
      'old checkPhase',
      'new buildPhase',
    ]);
  });

  test('are all of them for a trace from files', () => {
    expect(values({ paths: ['/tmp/ld.1'] })).toStrictEqual([
      'new buildPhase',
      'new checkPhase',
      'old checkPhase',
    ]);
    const [first] = counterparts(runs, { paths: ['/tmp/ld.1'] }, now);
    expect(first?.of).toStrictEqual({ run: 'new', phase: 'buildPhase' });
    expect(first?.label).toContain('buildPhase, failed, 2 min');
  });
});

describe('a difference', () => {
  const where = { program: '/opt/bin/render', phase: 'checkPhase', processes: 4 };

  test('is named after its library, and says who is concerned', () => {
    const difference = {
      kind: 'found-right',
      ...where,
      library: 'libdriver.so.1',
      left: null,
      right: null,
      search: [],
    } as const;
    expect([
      differenceName({ ...difference, search: [] }),
      differenceWhere(difference),
    ]).toStrictEqual(['libdriver.so.1', 'render in checkPhase, 4 processes']);
    expect(differenceText({ ...difference, search: [] })).toBe('found there alone');
  });

  test('that is an error is named after what could not be loaded, or after its text', () => {
    const error = (library: string | null) =>
      differenceName({
        kind: 'error-left',
        ...where,
        error: { library, text: 'symbol lookup error', fatal: true },
      });
    expect([error('libz.so'), error(null)]).toStrictEqual(['libz.so', 'symbol lookup error']);
  });
});
