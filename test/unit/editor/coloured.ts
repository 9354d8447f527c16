/** What Monaco's own Monarch lexer makes of Nix text, without an editor around it. */
import { compile } from 'monaco-editor/editor/standalone/common/monarch/monarchCompile';
import { MonarchTokenizer } from 'monaco-editor/editor/standalone/common/monarch/monarchLexer';
import { nixGrammar } from '../../../src-renderer/editor/nix/grammar.ts';

interface LineState {
  readonly stack: { readonly depth: number; readonly state: string };
}

interface Tokenizer {
  getInitialState(): LineState;
  tokenize(
    line: string,
    hasEnd: boolean,
    state: LineState,
  ): { tokens: readonly { offset: number; type: string }[]; endState: LineState };
}

const configuration = {
  getValue: () => 20_000,
  onDidChangeConfiguration: () => ({ dispose: () => undefined }),
};

function tokenizer(): Tokenizer {
  return new MonarchTokenizer(
    null,
    null,
    'nix',
    compile('nix', nixGrammar),
    configuration,
  ) as Tokenizer;
}

/** The tokens of the text as `[text, kind]`, white space left out, and the state after its last line. */
export function coloured(text: string): {
  readonly tokens: readonly (readonly [string, string])[];
  readonly endsIn: string;
} {
  const lexer = tokenizer();
  let state = lexer.getInitialState();
  const tokens: (readonly [string, string])[] = [];
  for (const line of text.split('\n')) {
    const result = lexer.tokenize(line, true, state);
    state = result.endState;
    result.tokens.forEach(({ offset, type }, index) => {
      const piece = line.slice(offset, result.tokens[index + 1]?.offset ?? line.length);
      const kind = type.replace(/\.nix$/, '');
      if (kind !== 'white' && piece.trim() !== '') tokens.push([piece, kind]);
    });
  }
  return { tokens, endsIn: state.stack.state };
}
