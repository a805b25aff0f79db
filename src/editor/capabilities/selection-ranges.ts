import type { SelectionRange } from 'vscode-languageserver/node';
import type { Capability } from '../capability.ts';
import { rangeOf } from '../protocol.ts';
import { selectionRanges as rangesAt } from '../selection-ranges.ts';

export const selectionRanges: Capability = {
  announces: { selectionRangeProvider: true },
  serve: ({ connection, within }) =>
    connection.onSelectionRanges(({ textDocument, positions }) =>
      within(textDocument, ({ text, document }) =>
        positions.map((position) => {
          const ranges = rangesAt(document, text.offsetAt(position)).map((each) => rangeOf(text, each));
          const here: SelectionRange = { range: { start: position, end: position } };
          return (
            ranges.reduceRight<SelectionRange | undefined>(
              (parent, range) => ({ range, ...(parent === undefined ? {} : { parent }) }),
              undefined,
            ) ?? here
          );
        }),
      ),
    ),
};
