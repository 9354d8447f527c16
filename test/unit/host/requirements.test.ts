import { describe, expect, test } from 'vitest';
import { REQUIREMENTS, howToGet, missingTool } from '../../../src-main/host/requirements.ts';

describe('the table of requirements', () => {
  test('names each program once', () => {
    const tools = REQUIREMENTS.map(({ tool }) => tool);
    expect(tools).toEqual([...new Set(tools)]);
  });

  test('requires what no build can do without', () => {
    const required = REQUIREMENTS.filter(({ need }) => need === 'required');
    expect(required.map(({ tool }) => tool)).toEqual([
      'nix-store',
      'bwrap',
      'unshare',
      'mount',
      'setarch',
      'setpriv',
      'bash',
      'find',
      'xargs',
      'sha256sum',
      'cp',
    ]);
  });

  test('writes clauses: no capital at the start and no full stop at the end', () => {
    for (const { purpose, without } of REQUIREMENTS) {
      expect(purpose).toMatch(/^[a-z].*[^.]$/);
      expect(without).toMatch(/^([a-z]|Strata).*[^.]$/);
    }
  });
});

describe('how to get a program', () => {
  test('names the packages of Debian and Nix', () => {
    expect(howToGet('getfattr')).toBe('apt-get install attr, or nix-shell -p attr');
  });

  test('leaves out a distribution that has no package', () => {
    expect(howToGet('cntr')).toBe('nix-shell -p cntr');
  });

  test('does not offer Nix through Nix', () => {
    expect(howToGet('nix-store')).toBe(
      'apt-get install nix-bin, or see https://nixos.org/download',
    );
  });

  test('says where an unknown program must be', () => {
    expect(howToGet('frobnicate')).toBe('install frobnicate or put it on PATH');
  });
});

test('the error for a missing program says what was being done, what to install and what works without it', () => {
  const { code, operation, reason, advice } = missingTool('strace', 'tracing buildPhase');
  expect({ code, operation, reason, advice }).toEqual({
    code: 'environment',
    operation: 'tracing buildPhase',
    reason: 'the program strace is not on PATH',
    advice:
      'install it: apt-get install strace, or nix-shell -p strace\n' +
      'without it: no tracing of system calls (--trace syscalls); builds and library traces (--trace ld) work',
  });
});
