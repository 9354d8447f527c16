import { expect, test } from 'vitest';
import { invocation } from '../../../src-main/cli/terminal/invocation.ts';
import { jsonArrayLines, jsonText } from '../../../src-main/cli/terminal/json-text.ts';
import { styleFor } from '../../../src-main/cli/terminal/style.ts';

test('commands to copy begin as the person began', () => {
  const link = '/home/me/strata/node_modules/.bin/strata';
  expect([
    invocation('/usr/bin/strata', {}, '/home/me'),
    invocation(link, { npm_command: 'exec', npm_execpath: '/npm-cli.js' }, '/home/me/strata'),
    invocation('/home/me/strata/build/strata.mjs', {}, '/home/me/strata'),
    invocation('/opt/strata/build/strata.mjs', {}, '/home/me/far/away'),
  ]).toEqual([
    'strata',
    'npx strata',
    'node build/strata.mjs',
    'node /opt/strata/build/strata.mjs',
  ]);
});

test.each([
  [true, {}, 'colours'],
  [false, {}, 'plain'],
  [true, { NO_COLOR: '1' }, 'plain'],
  [true, { NO_COLOR: '' }, 'colours'],
  [true, { TERM: 'dumb' }, 'plain'],
  [false, { FORCE_COLOR: '1' }, 'colours'],
  [false, { FORCE_COLOR: '', NO_COLOR: '1' }, 'colours'],
  [true, { FORCE_COLOR: '0' }, 'plain'],
])('a terminal: %s, environment: %j, style: %s', (isTTY, env, mode) => {
  expect(styleFor({ isTTY }, env).mode).toBe(mode);
});

test('JSON holds no byte that a terminal obeys, and means the same', () => {
  const value = { line: '\u001b[2J\u009b2J\u007f\udc80 ü' };
  const text = jsonText(value);
  expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  expect(JSON.parse(text)).toEqual(value);
});

test('a JSON array has a line for each element', () => {
  expect([...jsonArrayLines([1, { a: 2 }])]).toEqual(['[1', ',{"a":2}', ']']);
  expect([...jsonArrayLines([])]).toEqual(['[]']);
});
