/** app:// serves what is below its directory, with the policy on everything, and nothing else. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { contentSecurityPolicy } from '../../../src-main/protocol/content-security-policy.ts';
import { protocol } from './stand-in.ts';

vi.mock('electron', async () => import('./stand-in.ts'));
const { serveAppScheme } = await import('../../../src-main/electron/app-scheme.ts');

const parent = mkdtempSync(join(tmpdir(), 'strata-app-'));
const root = join(parent, 'window');
let get: (url: string, method?: string) => Promise<Response>;

beforeAll(() => {
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(root, 'index.html'), '<!doctype html>');
  writeFileSync(join(root, 'assets', 'a.js'), '1');
  writeFileSync(join(parent, 'secret'), 'secret');
  serveAppScheme(root);
  const [, handler] = protocol.handle.mock.calls[0] as [
    string,
    (request: Pick<Request, 'url' | 'method'>) => Promise<Response>,
  ];
  get = async (url, method = 'GET') => handler({ url, method });
});
afterAll(() => rmSync(parent, { recursive: true }));

test('the page and its scripts have their types', async () => {
  const page = await get('app://strata/');
  expect(await page.text()).toBe('<!doctype html>');
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const script = await get('app://strata/assets/a.js?v=1');
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
});

test.each([
  'app://strata/missing',
  'app://strata/assets',
  'app://elsewhere/index.html',
  'app://strata/..%2fsecret',
  'app://strata/assets/..%2f..%2f..%2fsecret',
  'app://strata/%00',
  'app://strata/%',
])('%s is not there', async (url) => {
  expect((await get(url)).status).toBe(404);
});

test('nothing is written through it', async () => {
  expect((await get('app://strata/', 'POST')).status).toBe(404);
});

test('every answer carries the policy, and scripts are ours alone', async () => {
  for (const url of ['app://strata/', 'app://strata/missing']) {
    expect((await get(url)).headers.get('content-security-policy')).toBe(contentSecurityPolicy);
  }
  expect(contentSecurityPolicy).toContain("script-src 'self';");
  expect(contentSecurityPolicy).not.toContain('unsafe-eval');
});
