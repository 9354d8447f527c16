/** What a language server knows of the files in the editor. */
import { z } from '../schema.ts';
import { none } from './shapes.ts';

/** A range of a text as Monaco counts: lines and columns from 1, columns in UTF-16 units, the end not included. */
const textRange = z.object({
  startLineNumber: z.number().int().min(1),
  startColumn: z.number().int().min(1),
  endLineNumber: z.number().int().min(1),
  endColumn: z.number().int().min(1),
});
export type TextRange = z.infer<typeof textRange>;

/** What a completion is, in the order of LSP's CompletionItemKind, which counts from 1. */
export const completionKinds = [
  'Text',
  'Method',
  'Function',
  'Constructor',
  'Field',
  'Variable',
  'Class',
  'Interface',
  'Module',
  'Property',
  'Unit',
  'Value',
  'Enum',
  'Keyword',
  'Snippet',
  'Color',
  'File',
  'Reference',
  'Folder',
  'EnumMember',
  'Constant',
  'Struct',
  'Event',
  'Operator',
  'TypeParameter',
] as const;

const completion = z.object({
  label: z.string(),
  kind: z.enum(completionKinds),
  detail: z.string().nullable(),
  /** Markdown. */
  documentation: z.string().nullable(),
  text: z.string(),
  /** Whether `text` has places to fill in, `${1:name}`. */
  snippet: z.boolean(),
  /** What the text takes the place of; null for the word at the cursor. */
  range: textRange.nullable(),
  sortBy: z.string().nullable(),
  filterBy: z.string().nullable(),
});
export type Completion = z.infer<typeof completion>;

const diagnostic = z.object({
  severity: z.enum(['error', 'warning', 'info', 'hint']),
  message: z.string(),
  source: z.string().nullable(),
  code: z.string().nullable(),
  range: textRange,
  /** Code that has no effect is shown faintly. */
  unnecessary: z.boolean(),
});
export type Diagnostic = z.infer<typeof diagnostic>;

/** A place in a text of a language session; line and column as in {@link TextRange}. */
const textPlace = z.object({
  language: z.string(),
  path: z.string(),
  line: z.number().int().min(1),
  column: z.number().int().min(1),
});

/** What a language session tells. */
const languageItem = z.discriminatedUnion('kind', [
  /** The server answers, at first or once more after it had died; the texts it knew it knows again. */
  z.object({ kind: z.literal('ready'), language: z.string(), server: z.string() }),
  /** All there are for a file, in place of those told before. */
  z.object({
    kind: z.literal('diagnostics'),
    path: z.string(),
    /** Of which version of the text; null where the server does not say. */
    version: z.number().nullable(),
    diagnostics: z.array(diagnostic),
  }),
]);
export type LanguageItem = z.infer<typeof languageItem>;

export const languageCalls = {
  /** The text of a file that is edited, as it is on the screen; null when it was closed. Versions only grow. */
  languageText: {
    params: z.object({
      language: z.string(),
      path: z.string(),
      version: z.number().int(),
      text: z.string().nullable(),
    }),
    result: none,
  },
  completions: {
    params: textPlace.extend({
      /** The character just typed, where one asked. */ trigger: z.string().nullable(),
    }),
    /** `incomplete`: to be asked again once more is typed. */
    result: z.object({ items: z.array(completion), incomplete: z.boolean() }),
  },
  hover: {
    params: textPlace,
    result: z.object({ markdown: z.string(), range: textRange.nullable() }).nullable(),
  },
  definition: {
    params: textPlace,
    result: z.array(z.object({ path: z.string(), range: textRange })),
  },
} as const;

export const languageStreams = {
  /**
   * The language server of the machine (nil or nixd), which runs for this listener and ends with it.
   * `file` is the first that it is for: the flake around it is the project.
   */
  language: { params: z.object({ file: z.string() }), item: languageItem },
} as const;
