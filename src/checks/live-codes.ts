import type { CodeDescription } from '../diagnostics/diagnostic.ts';

/**
 * What only a live server can tell: found by `nomnom apply` and by every role before it starts, never by
 * `nomnom check`.
 */
export const liveCodes = [
  {
    code: 'NOM901',
    severity: 'error',
    title: 'a live table lacks a usable unique index for an upsert key',
    explanation: `An upsert is \`INSERT … ON CONFLICT (columns)\`, and Postgres takes it only where a unique index stands on exactly these
columns. An index does not do if it is partial, on an expression, deferrable, invalid (its \`CREATE INDEX CONCURRENTLY\` failed),
or on more or fewer columns; nor if it treats nulls otherwise than \`nulls equal\` says. Every message would fail, so the role does
not start, and one that is running pauses until the index is back; no message is lost, and none spends an attempt.

    NOM901 table orders, key (order_key): the plan says a usable unique index on exactly these columns, the server has
    only index orders_pkey (order_key, version), with version as well

\`nomnom apply FILE\` adds the constraint where the table is nomnom's. For an \`existing\` table, create it yourself: the finding
names the columns. Where rows contradict it, remove the duplicates first.`,
  },
  {
    code: 'NOM902',
    severity: 'error',
    title: 'a live table differs from the declaration',
    explanation: `A table or a column is missing, a column has another type or takes null where the program does not, a check constraint lists
other values than the enum, a foreign key is missing or is there for a \`soft\` reference, or the role may not write the table.

    NOM902 table orders, column status: the plan says text, the server has integer

What adds and loses nothing (a table, a column that may be null, an index, a constraint) \`nomnom apply FILE\` does. What could
lose something (a narrower type, a column that the program no longer has) is for a person: change the table, or the file.`,
  },
  {
    code: 'NOM903',
    severity: 'error',
    title: 'a live stream, consumer or queue differs from the declaration',
    explanation: `A stream that captures other subjects than the program publishes to, or a consumer whose filter is narrower, loses nothing and
delivers nothing: messages wait for ever. So the names and settings of the live stream and its consumers are compared with the
program before a role starts.

    NOM903 stream SHOP, subjects: the plan says shop.ingest.*, the server has messages.>

\`nomnom apply FILE\` changes what a server lets be changed. Retention, storage and the policies of a consumer are fixed when it is
made: delete the stream or consumer once it is empty, and apply again.`,
  },
] as const satisfies readonly CodeDescription[];
