import { tableName } from '../model/table-name.ts';
import type { Span } from '../text/source.ts';
import type { Document } from './document.ts';

/** The commands of an editor that a lens can run. */
export const lensCommands = { runTest: 'nomnom.runTest', showDdl: 'nomnom.showDdl' } as const;

/** A line above a declaration that does something when it is clicked. */
export interface CodeLens {
  readonly span: Span;
  readonly title: string;
  readonly command: (typeof lensCommands)[keyof typeof lensCommands];
  /** The title of the test, or the name of the table. */
  readonly about: string;
}

/** `Run test` above each test, and `Show DDL` above each store whose table nomnom creates. */
export function codeLenses({ parsed, analysis, file }: Document): readonly CodeLens[] {
  const tests = parsed.tree.declarations.flatMap((each): readonly CodeLens[] =>
    each.kind === 'test' && !each.broken
      ? [{ span: each.title.span, title: 'Run test', command: lensCommands.runTest, about: each.title.value }]
      : [],
  );
  // Also while the program has errors: lines would jump at every other letter that is typed.
  const tables = analysis.program.stores.flatMap((store): readonly CodeLens[] => {
    const { tree, existing } = store;
    return tree.span.file === file && !existing
      ? [{ span: tree.table.span, title: 'Show DDL', command: lensCommands.showDdl, about: tableName(store) }]
      : [];
  });
  return [...tests, ...tables].toSorted((left, right) => left.span.start - right.span.start);
}
