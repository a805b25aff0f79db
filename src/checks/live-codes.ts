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
    explanation: `An upsert is \`INSERT … ON CONFLICT (columns)\`. Postgres accepts it only if there is a unique index on exactly these columns. An
index does not count if it is partial, on an expression, deferrable, invalid (its \`CREATE INDEX CONCURRENTLY\` failed), on more or
fewer columns, or if it does not treat nulls as \`nulls equal\` says. Without the index every message would fail, so the role does
not start. A running role pauses until the index is back; no message is lost, and none spends an attempt.

    NOM901 table orders, key (order_key): the plan says a usable unique index on exactly these columns, the server has
    only index orders_pkey (order_key, version), with version as well

\`nomnom apply FILE\` adds the constraint if the table is not \`existing\`. For an \`existing\` table, create it yourself; the finding
names the columns. If rows violate the constraint, remove the duplicates first.`,
  },
  {
    code: 'NOM902',
    severity: 'error',
    title: 'a live table differs from the declaration',
    explanation: `A table or a column is missing, a column has another type or is nullable only on the server, a check constraint lists other
values than the enum, a foreign key is missing or exists for a \`soft\` reference, or the role has no permission to write the table.

    NOM902 table orders, column status: the plan says text, the server has integer

\`nomnom apply FILE\` makes changes that lose nothing: a table, a nullable column, an index, a constraint. It does not make changes that
could lose data, such as a narrower type or a dropped column. Change the table or the file yourself.`,
  },
  {
    code: 'NOM903',
    severity: 'error',
    title: 'a live stream, consumer or queue differs from the declaration',
    explanation: `A stream that captures other subjects than the program publishes to, or a consumer whose filter is narrower, loses nothing and
delivers nothing, and messages wait forever. Before a role starts, it compares the names and settings of the live stream and its
consumers with the program.

    NOM903 stream SHOP, subjects: the plan says shop.ingest.*, the server has messages.>

\`nomnom apply FILE\` changes what the server can change. Retention, storage and the policies of a consumer cannot be changed after
creation: delete the stream or consumer when it is empty, and apply again.`,
  },
] as const satisfies readonly CodeDescription[];
