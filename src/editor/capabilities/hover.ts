import { MarkupKind } from 'vscode-languageserver/node';
import type { Capability } from '../capability.ts';
import { hoverAt } from '../hover.ts';
import { rangeOf } from '../protocol.ts';

export const hover: Capability = {
  announces: { hoverProvider: true },
  serve: ({ connection, at }) =>
    connection.onHover((place) =>
      at(place, ({ text, document, offset }) => {
        const found = hoverAt(document, offset);
        if (found === undefined) return null;
        const contents = { kind: MarkupKind.Markdown, value: found.markdown };
        return { contents, range: rangeOf(text, found.span) };
      }),
    ),
};
