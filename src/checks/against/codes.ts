import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/** What `check --against OLD NEW` warns of: family 6xx, one code for each kind of consequence. */

export const GONE_ENTITY: CodeDescription = {
  code: 'NOM601',
  severity: 'warning',
  title: 'an entity of the old program is gone',
  explanation: `Messages of the entity may still wait in the queue, stand among the dead letters, or come from ingest processes that still
run the old program. No worker of the new program can write them. An entity with another name is another entity.

Keep the entity until no message of it waits and no old ingest process runs; then remove it. To rename one, add the new
name beside the old, move the senders, and remove the old name with a later deploy.`,
};

export const MAY_BE_REFUSED: CodeDescription = {
  code: 'NOM602',
  severity: 'warning',
  title: 'a message that the old program accepted may be refused by the new one',
  explanation: `A message is accepted by the program of the ingest process and evaluated by the program of the worker. Between the two it
may wait for hours. Where the new program asks for more, such a message becomes a dead letter: a field became required or
is read from elsewhere, a type became narrower, an enum lost a value, \`@strict\` or a \`check\` was added or changed, a limit
was lowered, or a derived value is computed by another rule that can fail.

Deploy in two steps: let senders and ingest follow the new rule first (an optional field, a wider type), wait until
nothing that is older waits, then make the rule binding. Or give a \`@default\`. A key that the old program did not read is
taken to be absent: an optional field that is new gives no warning.`,
};

export const BREAKS_OLD_WORKER: CodeDescription = {
  code: 'NOM603',
  severity: 'warning',
  title: 'a running worker of the old program cannot write the new tables',
  explanation: `\`nomnom apply\` comes before the workers are replaced. Until then workers of the old program write the changed tables: they
leave a new column null, write the old type, and write children before a parent that nobody asked for. A column that may
not be null, a column of another type and a new \`ref\` make these rows impossible.

Add the column as one that may be null, replace all workers, then make it required with a second deploy. Where rows exist
already, such a column has no value for them either.`,
};

export const NO_LONGER_WRITTEN: CodeDescription = {
  code: 'NOM604',
  severity: 'warning',
  title: 'a table or a column of the old program is no longer written',
  explanation: `nomnom drops nothing: the table or column stays, keeps what it has, and becomes old. Whoever reads it sees no change any more and
no error. A new name is a new and empty table or column. A column that may not be null keeps new rows out, for the new
worker leaves it null.

Copy what is there before the deploy, or rename in the database first (\`ALTER TABLE … RENAME\`) while the roles are
stopped. Then remove what nobody reads.`,
};

export const OTHER_WAY: CodeDescription = {
  code: 'NOM605',
  severity: 'warning',
  title: 'messages take another way',
  explanation: `Streams, subjects and durable consumers have names. Under another name they are new and empty: messages that wait under the
old name find no worker, and old ingest processes go on publishing there. With another number of partitions, or another
\`ordered by\`, two messages of one key may be worked at the same time until the last old one is done. A shorter
\`max_age\` and another \`storage\` may lose what waits.

Stop ingest, wait until nothing waits (\`nomnom status\`, or the server's own tools), stop the workers, apply, then start the workers and ingest
of the new program.`,
};

export const OTHER_ROWS: CodeDescription = {
  code: 'NOM606',
  severity: 'warning',
  title: 'rows are kept by another rule',
  explanation: `The key, the upsert, \`delete when\` and \`prune by\` say what a message does to rows that are there. While workers of both
programs run, the same table is kept by two rules, and a row depends on which worker got its message. What was written by
the old rule stays. A new key or \`unique\` may not hold for the rows that are there: then \`apply\` refuses it.

Stop the workers before \`apply\` and start those of the new program after it; messages wait meanwhile. Check the rows
that are there against the new key first.`,
};

export const againstCodes: readonly CodeDescription[] = [
  GONE_ENTITY,
  MAY_BE_REFUSED,
  BREAKS_OLD_WORKER,
  NO_LONGER_WRITTEN,
  OTHER_WAY,
  OTHER_ROWS,
];
