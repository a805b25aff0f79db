import type { Capability } from '../capability.ts';
import { codeLenses as lensesIn } from '../code-lenses.ts';
import { rangeOf } from '../protocol.ts';

/** Only for commands that the editor says it has: `initializationOptions` lists them. */
export const codeLenses: Capability = {
  announces: { codeLensProvider: {} },
  serve: ({ connection, within, settings }) =>
    connection.onCodeLens(({ textDocument }) =>
      within(textDocument, ({ text, document }) =>
        lensesIn(document)
          .filter(({ command }) => settings().commands.includes(command))
          .map(({ span, title, command, about }) => ({
            range: rangeOf(text, span),
            command: { title, command, arguments: [text.uri, about] },
          })),
      ),
    ),
};
