import { expect, test, vi } from 'vitest';
import { Screen } from '../../../src-main/cli/terminal/screen.ts';

function recorded(stream: { readonly isTTY: boolean; readonly columns?: number }) {
  const written: string[] = [];
  return { written, screen: new Screen({ ...stream, write: (text) => written.push(text) }) };
}

test('a terminal has a last line that is rewritten below the others', () => {
  const { written, screen } = recorded({ isTTY: true, columns: 12 });
  screen.status('working');
  screen.flush();
  screen.line('one');
  screen.line('two');
  screen.flush();
  screen.status('more than twelve columns');
  screen.flush();
  screen.close();
  expect(written).toEqual([
    'working',
    '\r\u001b[Kone\ntwo\nworking',
    '\r\u001b[Kmore than …',
    '\r\u001b[K',
  ]);
});

test('a status of several lines is rewritten whole', () => {
  const { written, screen } = recorded({ isTTY: true, columns: 12 });
  screen.status('one\ntwo is longer than that');
  screen.flush();
  screen.line('printed');
  screen.status('three');
  screen.flush();
  screen.close();
  expect(written).toEqual([
    'one\ntwo is lon…',
    '\r\u001b[K\u001b[A\u001b[Kprinted\nthree',
    '\r\u001b[K',
  ]);
});

test('a pipe has lines alone, of any length', () => {
  const { written, screen } = recorded({ isTTY: false });
  screen.status('working');
  screen.lines(['one', 'two']);
  screen.close();
  expect({ written, width: screen.width }).toEqual({ written: ['one\ntwo\n'], width: null });
});

test('lines are written together, soon, and at once where they are many', async () => {
  const { written, screen } = recorded({ isTTY: false });
  screen.line('one');
  screen.line('two');
  expect(written).toEqual([]);
  await vi.waitFor(() => expect(written).toEqual(['one\ntwo\n']));
  screen.line('x'.repeat(70_000));
  expect(written).toHaveLength(2);
});
