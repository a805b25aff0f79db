import type { Capability } from '../capability.ts';
import { foldingRanges as rangesIn } from '../folding-ranges.ts';

export const foldingRanges: Capability = {
  announces: { foldingRangeProvider: true },
  serve: ({ connection, within }) =>
    connection.onFoldingRanges(({ textDocument }) =>
      within(textDocument, ({ document }) => [...rangesIn(document)]),
    ),
};
