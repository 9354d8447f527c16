/** Modules of Monaco that have no types of their own; the grammar's tests drive its lexer through them. */
declare module 'monaco-editor/editor/standalone/common/monarch/monarchCompile' {
  export function compile(languageId: string, grammar: unknown): unknown;
}
declare module 'monaco-editor/editor/standalone/common/monarch/monarchLexer' {
  export const MonarchTokenizer: new (
    languageService: null,
    themeService: null,
    languageId: string,
    lexer: unknown,
    configurationService: unknown,
  ) => unknown;
}
