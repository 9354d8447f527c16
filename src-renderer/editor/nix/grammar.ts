/**
 * The Nix language for Monaco: its grammar in Monarch and what the editor needs to know about brackets and comments.
 *
 * The lexical rules are those of Nix's own lexer (src/libexpr/lexer.l, Nix 2.34): what a path, a URI and an escape are.
 * Pure data: nothing of Monaco is loaded for it.
 */
import type { languages } from 'monaco-editor/editor';

export const nixLanguageId = 'nix';

/** `ID` of lexer.l. */
const identifier = /[a-zA-Z_][\w'-]*/;
/** `PATH` and `HPATH` of lexer.l: `./a`, `a/b`, `/etc/hosts`, `~/x`. */
const path = /(?:~|[\w.+-]*)(?:\/[\w.+-]+)+\/?/;
/** The part of a path before its first interpolation: `./a/b-` of `./a/b-${name}`. */
const pathBeforeInterpolation = /(?:~|[\w.+-]*)(?:\/[\w.+-]*)+(?=\$\{)/;
/** `SPATH`: `<nixpkgs/lib>`. */
const searchPath = /<[\w.+-]+(?:\/[\w.+-]+)*>/;
/** `URI`: without quotes since Nix 1, discouraged, and still found. */
const uri = /[a-zA-Z][a-zA-Z0-9+.-]*:[\w%/?:@&=+$,.!~*'-]+/;
const number = /(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?|\d+/;
/** A name that a binding defines: the last or an inner part of `env.NIX_CFLAGS_COMPILE = …`. */
const definedName =
  /[a-zA-Z_][\w'-]*(?=(?:\s*\.\s*(?:[a-zA-Z_][\w'-]*|"[^"]*"|\$\{[^}]*\}))*\s*=(?!=))/;
const parameterName = /[a-zA-Z_][\w'-]*(?=\s*[:@])/;

export const nixGrammar: languages.IMonarchLanguage = {
  defaultToken: '',
  tokenPostfix: '.nix',
  brackets: [
    { open: '{', close: '}', token: 'delimiter.curly' },
    { open: '[', close: ']', token: 'delimiter.square' },
    { open: '(', close: ')', token: 'delimiter.parenthesis' },
  ],
  keywords: ['assert', 'else', 'if', 'in', 'inherit', 'let', 'or', 'rec', 'then', 'with'],
  constants: ['true', 'false', 'null'],
  builtins: [
    ...['abort', 'baseNameOf', 'builtins', 'derivation', 'derivationStrict', 'dirOf', 'fetchGit'],
    ...['fetchMercurial', 'fetchTarball', 'fetchTree', 'fromTOML', 'import', 'isNull', 'map'],
    ...['placeholder', 'removeAttrs', 'scopedImport', 'throw', 'toString', '__curPos'],
  ],
  tokenizer: {
    root: [{ include: '@expression' }, [/\}/, '@brackets']],
    expression: [
      { include: '@space' },
      [/"/, 'string.quote', '@string'],
      [/''/, 'string.quote', '@indentedString'],
      // Before names and numbers, as the longest match wins in lexer.l: `a/b` is a path and no division.
      [pathBeforeInterpolation, 'string.path', '@pathRest'],
      [path, 'string.path'],
      [searchPath, 'string.path'],
      [uri, 'string.uri'],
      [
        identifier,
        {
          cases: {
            '@keywords': 'keyword',
            '@constants': 'constant.language',
            '@default': { token: '@rematch', next: '@name' },
          },
        },
      ],
      [number, 'number'],
      [/\$\{/, 'delimiter.interpolation', '@interpolation'],
      [/\{/, '@brackets', '@braces'],
      [/[[\]()]/, '@brackets'],
      [/\.\.\./, 'operator'],
      [/->|\+\+|\/\/|==|!=|<=|>=|&&|\|\||\|>|<\||[-+*/<>!?@:=]/, 'operator'],
      [/[;,.]/, 'delimiter'],
    ],
    name: [
      [definedName, 'variable.defined', '@pop'],
      [parameterName, 'variable.parameter', '@pop'],
      [
        identifier,
        {
          cases: {
            '@builtins': { token: 'predefined', next: '@pop' },
            '@default': { token: 'identifier', next: '@pop' },
          },
        },
      ],
    ],
    braces: [[/\}/, '@brackets', '@pop'], { include: '@expression' }],
    interpolation: [[/\}/, 'delimiter.interpolation', '@pop'], { include: '@expression' }],
    string: [
      [/[^"\\$]+/, 'string'],
      [/\\(?:.|$)/, 'string.escape'],
      [/\$\{/, 'delimiter.interpolation', '@interpolation'],
      // `$$` stands for itself, so that the brace after it begins no interpolation.
      [/\$\$|\$/, 'string'],
      [/"/, 'string.quote', '@pop'],
    ],
    indentedString: [
      [/[^'$]+/, 'string'],
      [/''\$|'''|''\\(?:.|$)/, 'string.escape'],
      [/''/, 'string.quote', '@pop'],
      [/\$\{/, 'delimiter.interpolation', '@interpolation'],
      [/\$\$|[$']/, 'string'],
    ],
    // A path ends where its line goes on with something else, so each of these states ends on the line it began.
    pathRest: [
      [/\$\{/, { token: 'delimiter.interpolation', switchTo: '@pathInterpolation' }],
      [/[\w.+\-/]+(?=\$\{)/, 'string.path'],
      [/[\w.+\-/]+/, 'string.path', '@pop'],
    ],
    pathInterpolation: [
      [/\}(?=[\w.+\-/]|\$\{)/, { token: 'delimiter.interpolation', switchTo: '@pathRest' }],
      [/\}/, 'delimiter.interpolation', '@pop'],
      { include: '@expression' },
    ],
    space: [
      [/\s+/, 'white'],
      [/#.*$/, 'comment'],
      [/\/\*/, 'comment', '@comment'],
    ],
    comment: [
      [/[^*]+/, 'comment'],
      [/\*\//, 'comment', '@pop'],
      [/\*/, 'comment'],
    ],
  },
};

export const nixConfiguration: languages.LanguageConfiguration = {
  comments: { lineComment: '#', blockComment: ['/*', '*/'] },
  brackets: [
    ['{', '}'],
    ['[', ']'],
    ['(', ')'],
  ],
  autoClosingPairs: [
    { open: '{', close: '}' },
    { open: '[', close: ']' },
    { open: '(', close: ')' },
    { open: '"', close: '"', notIn: ['string', 'comment'] },
    { open: "''", close: "''", notIn: ['string', 'comment'] },
    { open: '/*', close: ' */', notIn: ['string'] },
  ],
  surroundingPairs: [
    { open: '{', close: '}' },
    { open: '[', close: ']' },
    { open: '(', close: ')' },
    { open: '"', close: '"' },
    { open: "''", close: "''" },
  ],
  // A name may hold dashes and primes: a double click selects `foldl'` and `my-package` whole.
  wordPattern: /[a-zA-Z_][\w'-]*|-?\d+(?:\.\d+)?/,
  indentationRules: {
    increaseIndentPattern: /(?:[[{(]|=|''|\b(?:let|in|then|else|rec))\s*(?:#.*)?$/,
    decreaseIndentPattern: /^\s*(?:[\]})]|in\b|'')/,
  },
};
