// What servers answer, in the protocol's words: LSP's many shapes, and what is none of them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  checkInitialized,
  toCompletions,
  toDefinitions,
  toDiagnostics,
  toHover,
  toPosition,
  toRange,
} from '../../../src-main/language/lsp-answers.ts';

const zero = { start: { line: 0, character: 0 }, end: { line: 0, character: 2 } };
const one = { startLineNumber: 1, startColumn: 1, endLineNumber: 1, endColumn: 3 };

test('positions count from 1 here and from 0 there', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (line, character) => {
      const range = toRange({ start: { line, character }, end: { line, character } });
      expect(toPosition(range.startLineNumber, range.startColumn)).toEqual({ line, character });
      expect(toPosition(range.endLineNumber, range.endColumn)).toEqual({ line, character });
    }),
  );
});

test.each([
  [null, null],
  [{ contents: '' }, null],
  [{ contents: [] }, null],
  [
    { contents: 'a *b*', range: zero },
    { markdown: 'a *b*', range: one },
  ],
  [{ contents: { kind: 'markdown', value: '`x`' } }, { markdown: '`x`', range: null }],
  [
    { contents: { kind: 'plaintext', value: 'a *b* ```' } },
    { markdown: '````text\na *b* ```\n````', range: null },
  ],
  [
    { contents: ['text', { language: 'nix', value: 'x: x' }] },
    { markdown: 'text\n\n```nix\nx: x\n```', range: null },
  ],
])('hover %j', (answer, hover) => {
  expect(toHover(answer)).toEqual(hover);
});

test.each([
  [null, []],
  [{ uri: 'file:///a%20b.nix', range: zero }, [{ path: '/a b.nix', range: one }]],
  [
    [{ targetUri: 'file:///a', targetRange: zero, targetSelectionRange: zero }],
    [{ path: '/a', range: one }],
  ],
  [
    ['https://a/b', 'file://host/a', 'file:///a%2Fb', 'nonsense'].map((uri) => ({
      uri,
      range: zero,
    })),
    [],
  ],
])('definition %j', (answer, places) => {
  expect(toDefinitions(answer)).toEqual(places);
});

test('completions: the text to insert, its place, and what it is', () => {
  const bare = {
    kind: 'Text',
    detail: null,
    documentation: null,
    snippet: false,
    range: null,
    sortBy: null,
    filterBy: null,
  };
  const items = [
    { label: 'a' },
    { label: 'b', kind: 21, insertText: 'b ', detail: 'd', sortText: '1', filterText: 'x' },
    { label: 'c', kind: 99, textEdit: { newText: '${1:c}', range: zero }, insertTextFormat: 2 },
    { label: 'd', documentation: '*d*' },
    { label: 'e', documentation: { kind: 'markdown', value: '*e*' } },
  ];
  expect([
    toCompletions({ isIncomplete: true, items }),
    toCompletions(null),
    toCompletions(Array.from({ length: 1001 }, () => ({ label: 'x' }))).incomplete,
  ]).toEqual([
    {
      incomplete: true,
      items: [
        { ...bare, label: 'a', text: 'a' },
        {
          ...bare,
          label: 'b',
          kind: 'Constant',
          text: 'b ',
          detail: 'd',
          sortBy: '1',
          filterBy: 'x',
        },
        { ...bare, label: 'c', text: '${1:c}', snippet: true, range: one },
        { ...bare, label: 'd', text: 'd', documentation: '```text\n*d*\n```' },
        { ...bare, label: 'e', text: 'e', documentation: '*e*' },
      ],
    },
    { incomplete: false, items: [] },
    true,
  ]);
});

test('diagnostics', () => {
  const diagnostics = [
    { range: zero, message: 'a' },
    { range: zero, message: 'b', severity: 4, code: 7, source: 'nil', tags: [1] },
  ];
  expect([
    toDiagnostics({ uri: 'file:///a', version: 3, diagnostics }),
    toDiagnostics({ uri: 'untitled:a', diagnostics }),
  ]).toEqual([
    {
      kind: 'diagnostics',
      path: '/a',
      version: 3,
      diagnostics: [
        {
          severity: 'error',
          message: 'a',
          source: null,
          code: null,
          range: one,
          unnecessary: false,
        },
        {
          severity: 'hint',
          message: 'b',
          source: 'nil',
          code: '7',
          range: one,
          unnecessary: true,
        },
      ],
    },
    null,
  ]);
});

test.each([
  [() => toHover({ contents: 5 })],
  [() => toHover(undefined)],
  [() => toCompletions({ items: 'x' })],
  [() => toDefinitions([{ uri: 'file:///a' }])],
  [
    () =>
      toDefinitions({ uri: 'file:///a', range: { ...zero, start: { line: -1, character: 0 } } }),
  ],
  [() => toDiagnostics({})],
  // Columns would be off by all that is not ASCII.
  [() => checkInitialized({ capabilities: { positionEncoding: 'utf-8' } })],
])('what is no answer throws', (read) => {
  expect(read).toThrow();
});
