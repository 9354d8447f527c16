/** The real bash, which is what the parsers of these tests are measured against. */
import { spawnSync } from 'node:child_process';
import { decodePath, encodePath } from '../../../src-main/host/byte-path.ts';

const { error } = spawnSync('bash', ['-c', ':']);

/** Why tests with bash cannot run on this machine; null where they can. */
export const bashReason: string | null =
  error === undefined ? null : `bash does not start: ${error.message}`;

/** Locales a builder's shell may have: Nix sets none, packages set this one. */
export const locales = ['C', 'C.UTF-8'] as const;

/** What a script prints, read from standard input by a bash with an empty environment; @throws where it fails. */
export function bash(script: string, locale: (typeof locales)[number] = 'C'): string {
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '--noprofile'], {
    input: encodePath(script),
    env: { LC_ALL: locale, PATH: process.env['PATH'] },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0)
    throw new Error(`bash ended with ${status ?? 'a signal'}: ${stderr.toString()}`);
  return decodePath(stdout);
}

/** A text as one word of bash, every byte escaped: it means the same in all of bash's contexts. */
export function word(text: string): string {
  const bytes = Array.from(encodePath(text), (byte) => `\\${byte.toString(8).padStart(3, '0')}`);
  return `$'${bytes.join('')}'`;
}
