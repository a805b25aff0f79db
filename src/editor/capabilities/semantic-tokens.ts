import { SemanticTokensBuilder, type SemanticTokens } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Capability } from '../capability.ts';
import {
  semanticTokens as tokensIn,
  tokenModifiers,
  tokenTypes,
  type SemanticToken,
} from '../semantic-tokens.ts';

export const semanticTokens: Capability = {
  announces: {
    semanticTokensProvider: {
      legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
      full: true,
      range: true,
    },
  },
  serve: ({ connection, within }) => {
    connection.languages.semanticTokens.on(
      ({ textDocument }) =>
        within(textDocument, ({ text, document }) =>
          encoded(text, tokensIn(document, { start: 0, end: document.file.text.length })),
        ) ?? NONE,
    );
    connection.languages.semanticTokens.onRange(
      ({ textDocument, range }) =>
        within(textDocument, ({ text, document }) =>
          encoded(
            text,
            tokensIn(document, { start: text.offsetAt(range.start), end: text.offsetAt(range.end) }),
          ),
        ) ?? NONE,
    );
  },
};

const NONE: SemanticTokens = { data: [] };

function encoded(text: TextDocument, tokens: readonly SemanticToken[]): SemanticTokens {
  const builder = new SemanticTokensBuilder();
  for (const { start, end, type, modifiers } of tokens) {
    const { line, character } = text.positionAt(start);
    const bits = modifiers.reduce((sum, each) => sum | (1 << tokenModifiers.indexOf(each)), 0);
    builder.push(line, character, end - start, tokenTypes.indexOf(type), bits);
  }
  return builder.build();
}
