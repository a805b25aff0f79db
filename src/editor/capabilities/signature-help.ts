import { MarkupKind } from 'vscode-languageserver/node';
import type { Capability } from '../capability.ts';
import { signatureHelpAt } from '../signature-help.ts';

export const signatureHelp: Capability = {
  announces: { signatureHelpProvider: { triggerCharacters: ['(', ','], retriggerCharacters: [','] } },
  serve: ({ connection, at }) =>
    connection.onSignatureHelp((place) =>
      at(place, ({ document, offset }) => {
        const help = signatureHelpAt(document, offset);
        if (help === undefined) return null;
        const markdown = (value: string) => ({ kind: MarkupKind.Markdown, value });
        return {
          signatures: [
            {
              label: help.label,
              ...(help.doc === undefined ? {} : { documentation: markdown(help.doc) }),
              parameters: help.parameters.map(({ start, end, doc }) => ({
                label: [start, end] as [number, number],
                ...(doc === undefined ? {} : { documentation: markdown(doc) }),
              })),
            },
          ],
          activeSignature: 0,
          activeParameter: help.active,
        };
      }),
    ),
};
