/**
 * What a language server answers, validated and put in the protocol's words. LSP allows many shapes for the same thing; this is
 * where they become one.
 *
 * Source: Language Server Protocol 3.17. Its lines and characters count from 0, characters in UTF-16 units as Monaco's columns
 * do: one more makes the one of the other.
 */
import { fileURLToPath } from 'node:url';
import {
  completionKinds,
  type CallResult,
  type Completion,
  type Diagnostic,
  type LanguageItem,
  type TextRange,
} from '../protocol/methods.ts';
import { z } from '../protocol/schema.ts';

/** More completions than anybody looks through; the server is asked again when more is typed. */
const MOST_COMPLETIONS = 1000;

const position = z.object({ line: z.number().int().min(0), character: z.number().int().min(0) });
const range = z.object({ start: position, end: position });
const markup = z.object({ kind: z.string(), value: z.string() });
/** Of LSP's first versions, which nil and others still may send. */
const markedString = z.union([z.string(), z.object({ language: z.string(), value: z.string() })]);

const completionItem = z.object({
  label: z.string(),
  kind: z.number().nullish(),
  detail: z.string().nullish(),
  documentation: z.union([z.string(), markup]).nullish(),
  insertText: z.string().nullish(),
  insertTextFormat: z.number().nullish(),
  textEdit: z.object({ newText: z.string(), range }).nullish(),
  sortText: z.string().nullish(),
  filterText: z.string().nullish(),
});
const completionAnswer = z.union([
  z.null(),
  z.array(completionItem),
  z.object({ isIncomplete: z.boolean(), items: z.array(completionItem) }),
]);
const hoverAnswer = z
  .object({
    contents: z.union([markup, markedString, z.array(markedString)]),
    range: range.nullish(),
  })
  .nullable();
const location = z.object({ uri: z.string(), range });
const locationLink = z.object({ targetUri: z.string(), targetSelectionRange: range });
const definitionAnswer = z.union([z.null(), location, z.array(z.union([location, locationLink]))]);
const publishedDiagnostics = z.object({
  uri: z.string(),
  version: z.number().nullish(),
  diagnostics: z.array(
    z.object({
      range,
      severity: z.number().nullish(),
      code: z.union([z.string(), z.number()]).nullish(),
      source: z.string().nullish(),
      message: z.string(),
      tags: z.array(z.number()).nullish(),
    }),
  ),
});
const initializeAnswer = z.object({
  capabilities: z.object({ positionEncoding: z.literal('utf-16').nullish() }),
});

/** Lines and columns from 1 in LSP's. */
export function toPosition(line: number, column: number): { line: number; character: number } {
  return { line: line - 1, character: column - 1 };
}

/** LSP's range in lines and columns from 1. */
export function toRange({ start, end }: z.infer<typeof range>): TextRange {
  return {
    startLineNumber: start.line + 1,
    startColumn: start.character + 1,
    endLineNumber: end.line + 1,
    endColumn: end.character + 1,
  };
}

/** @throws ZodError, as all that follow, for what is no such answer; here also where it counts in other units than UTF-16. */
export function checkInitialized(answer: unknown): void {
  initializeAnswer.parse(answer);
}

export function toCompletions(answer: unknown): CallResult<'completions'> {
  const parsed = completionAnswer.parse(answer);
  const all = parsed === null ? [] : Array.isArray(parsed) ? parsed : parsed.items;
  const incomplete = parsed !== null && !Array.isArray(parsed) && parsed.isIncomplete;
  return {
    items: all.slice(0, MOST_COMPLETIONS).map(toCompletion),
    incomplete: incomplete || all.length > MOST_COMPLETIONS,
  };
}

export function toHover(answer: unknown): CallResult<'hover'> {
  const hover = hoverAnswer.parse(answer);
  if (hover === null) return null;
  const contents = Array.isArray(hover.contents) ? hover.contents : [hover.contents];
  const markdown = contents.map(toMarkdown).join('\n\n').trim();
  return markdown === '' ? null : { markdown, range: hover.range ? toRange(hover.range) : null };
}

/** Places outside this machine's files are left out. */
export function toDefinitions(answer: unknown): CallResult<'definition'> {
  const parsed = definitionAnswer.parse(answer);
  const places = parsed === null ? [] : Array.isArray(parsed) ? parsed : [parsed];
  return places.flatMap((place) => {
    const [uri, where] =
      'uri' in place ? [place.uri, place.range] : [place.targetUri, place.targetSelectionRange];
    const path = pathOf(uri);
    return path === null ? [] : [{ path, range: toRange(where) }];
  });
}

/** Null for those of what is no file. */
export function toDiagnostics(
  params: unknown,
): Extract<LanguageItem, { kind: 'diagnostics' }> | null {
  const { uri, version, diagnostics } = publishedDiagnostics.parse(params);
  const path = pathOf(uri);
  if (path === null) return null;
  return {
    kind: 'diagnostics',
    path,
    version: version ?? null,
    diagnostics: diagnostics.map((one): Diagnostic => ({
      severity: severities[(one.severity ?? 1) - 1] ?? 'error',
      message: one.message,
      source: one.source ?? null,
      code: one.code === null || one.code === undefined ? null : String(one.code),
      range: toRange(one.range),
      // DiagnosticTag.Unnecessary
      unnecessary: one.tags?.includes(1) === true,
    })),
  };
}

const severities = ['error', 'warning', 'info', 'hint'] as const;

function toCompletion(item: z.infer<typeof completionItem>): Completion {
  const { documentation, textEdit } = item;
  return {
    label: item.label,
    kind: completionKinds[(item.kind ?? 1) - 1] ?? 'Text',
    detail: item.detail ?? null,
    documentation: documentation ? documentationText(documentation) : null,
    text: textEdit?.newText ?? item.insertText ?? item.label,
    // InsertTextFormat.Snippet
    snippet: item.insertTextFormat === 2,
    range: textEdit ? toRange(textEdit.range) : null,
    sortBy: item.sortText ?? null,
    filterBy: item.filterText ?? null,
  };
}

/** A documentation's plain string is plain text, where a hover's is Markdown. */
function documentationText(text: string | z.infer<typeof markup>): string {
  return toMarkdown(typeof text === 'string' ? { kind: 'plaintext', value: text } : text);
}

function toMarkdown(text: z.infer<typeof markup> | z.infer<typeof markedString>): string {
  if (typeof text === 'string') return text;
  if ('language' in text) return fenced(text.value, text.language);
  return text.kind === 'markdown' ? text.value : fenced(text.value, 'text');
}

/** A code block; its fence is longer than any in the text. */
function fenced(text: string, language: string): string {
  if (text.trim() === '') return '';
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language.replace(/[^\w-]/g, '')}\n${text}\n${fence}`;
}

function pathOf(uri: string): string | null {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : null;
  } catch {
    // A host, or `%2F` in a name: no file of this machine.
    return null;
  }
}
