import { finding } from '../diagnostics/diagnostic.ts';
import type { ColumnName, StoreModel } from '../model/program.ts';
import { tableName } from '../model/table-name.ts';
import { scalarName } from '../model/type.ts';
import type { Span } from '../text/source.ts';
import type { Check } from './check.ts';
import { listed } from './constraint-columns.ts';
import { fullRow, LARGEST_ROW, smallestRow } from './row-size.ts';

/** Bytes of the largest entry of a btree index: a third of a page of 8 kB. */
const LARGEST_ENTRY = 2704;
/** Bytes that an entry has besides its values, at most. */
const ENTRY_HEADER = 16;

export const longKeys: Check = {
  description: {
    code: 'NOM218',
    severity: 'warning',
    title: 'a key or row may be too long for Postgres',
    explanation: `An entry of an index in Postgres has at most ${LARGEST_ENTRY} bytes: all columns of the key, the unique constraint or the index
together. A text can take four bytes for each character. A message with a longer key becomes a dead letter with the code
\`too_long\`; other messages go on. With a limit in the type, ingest already rejects the message and names the field.

\`\`\`nom
entity Page { url: text       store pages { key (url)  upsert on (url) } }   // may be too long
entity Page { url: text(600)  store pages { key (url)  upsert on (url) } }   // right

derive Page from Visit as v {                                                // right for long texts, too
  url_hash = sha256(v.url)
  url      = v.url
  store pages { key (url_hash)  upsert on (url_hash) }
}
\`\`\`

The same is true of a row with hundreds of columns: it has at most ${LARGEST_ROW} bytes, and each column takes up to 24 of them even
if Postgres moves its value out of the row.`,
  },
  run: (program, report) => {
    for (const store of program.stores) {
      // The types of a table that exists are not the program's to choose.
      if (store.record.broken || store.existing) continue;
      const warn = (what: string, columns: readonly ColumnName[], span: Span): void => {
        if (longestEntry(columns) <= LARGEST_ENTRY) return;
        const unlimited = columns.find((column) => longest(column) === Infinity);
        const long = unlimited ?? columns.toSorted((left, right) => longest(right) - longest(left))[0];
        report(
          finding(
            longKeys.description,
            span,
            `${what} ${listed(columns)} of ${tableName(store)} can have more than the ${LARGEST_ENTRY} bytes that fit into an index of Postgres`,
            {
              related:
                long?.field === undefined
                  ? []
                  : [
                      {
                        span: long.field.span,
                        text: `\`${long.name}\` ${unlimited === undefined ? `can have ${longest(long)} bytes` : 'has no limit'}`,
                      },
                    ],
              help:
                unlimited !== undefined && isText(unlimited)
                  ? 'give the text a limit, such as `text(200)`; a longer value is then rejected when it arrives'
                  : 'use fewer or shorter columns, or the `sha256(…)` of them',
            },
          ),
        );
      };
      for (const { kind, columns, span } of store.keys) warn(`the ${kind}`, columns, span);
      for (const { columns, tree } of store.indexes) warn('the index', columns, tree.span);
      reportRow(store, report);
    }
  },
};

function reportRow(store: StoreModel, report: Parameters<Check['run']>[1]): void {
  const { columns, tree } = store;
  const size = fullRow(columns);
  // A table for which even the smallest row is too large is an error of its own.
  if (size <= LARGEST_ROW || smallestRow(columns) > LARGEST_ROW) return;
  report(
    finding(
      longKeys.description,
      tree.table.span,
      `a row of ${tableName(store)} with a value in every column can have ${size} bytes, but a row in Postgres has at most ${LARGEST_ROW}`,
      {
        label: `${columns.length} columns`,
        help: 'read some of the fields as one `json` field or list, or put them into a second table',
      },
    ),
  );
}

function isText({ field }: ColumnName): boolean {
  return field !== undefined && scalarName(field.type.type) === 'text';
}

function longestEntry(columns: readonly ColumnName[]): number {
  return columns.reduce((sum, column) => sum + Math.ceil(longest(column) / 8) * 8, ENTRY_HEADER);
}

/** Bytes of the longest value of a column in an index, with its length. */
function longest({ field }: ColumnName): number {
  const type = field?.type.type;
  if (type?.kind === 'enum')
    return 4 + Math.max(...type.of.members.map(({ value }) => new TextEncoder().encode(value).length));
  if (type?.kind !== 'scalar') return 0;
  const [size] = type.parameters;
  switch (type.column.name) {
    case 'text':
      return size === undefined ? Infinity : 4 + 4 * size;
    case 'bytes':
      return Infinity;
    // Four digits in two bytes, and one group more on each side of the point.
    case 'decimal':
      return 12 + 2 * Math.ceil((size ?? 0) / 4);
    default:
      return 16;
  }
}
