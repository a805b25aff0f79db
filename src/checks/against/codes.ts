import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/** What `check --against OLD NEW` warns of: family 6xx, one code for each kind of consequence. */

export const GONE_ENTITY: CodeDescription = {
  code: 'NOM601',
  severity: 'warning',
  title: 'the new program lacks an entity of the old one',
  explanation: `Messages of the entity can still be in the queue, be dead letters, or come from ingest processes that run the old program. No
worker of the new program can write them. An entity with another name is another entity.

Keep the entity until none of its messages is in the queue and no old ingest process runs. Then remove it. To rename an entity, add
the new name next to the old one, move the senders, and remove the old name in a later deploy.`,
};

export const MAY_BE_REFUSED: CodeDescription = {
  code: 'NOM602',
  severity: 'warning',
  title: 'the new program can reject a message that the old one accepted',
  explanation: `The program of the ingest process accepts a message, and the program of the worker evaluates it. The message can wait for
hours in between. If the new program is stricter, the message becomes a dead letter. Examples: a field became required or is read
from another place, a type became narrower, an enum lost a value, \`@strict\` or a \`check\` was added or changed, a limit was
lowered, or a derived value has a new rule that can fail.

Deploy in two steps. First let senders and ingest follow the new rule (an optional field, a wider type). When no older message is
in the queue, make the rule strict. Or add a \`@default\`. The check assumes that old messages lack a key that the old program
did not read, so a new optional field gives no warning.`,
};

export const BREAKS_OLD_WORKER: CodeDescription = {
  code: 'NOM603',
  severity: 'warning',
  title: 'a running worker of the old program cannot write the new tables',
  explanation: `\`nomnom apply\` runs before the workers are replaced. Until then, workers of the old program write the changed tables. They leave
a new column null, write the old type, and do not check a new parent. Postgres refuses such rows if the column must not be null,
has another type, or has a new \`ref\`.

Add the column as nullable, replace all workers, and make it required in a second deploy. Existing rows have no value for a required
column either.`,
};

export const NO_LONGER_WRITTEN: CodeDescription = {
  code: 'NOM604',
  severity: 'warning',
  title: 'a table or a column of the old program is no longer written',
  explanation: `nomnom does not drop anything. The table or column stays, but its data is no longer updated, and its readers see no error. A new name is
a new, empty table or column. If the old column must not be null, Postgres refuses new rows, because the new worker leaves it
null.

Copy the data before the deploy. Or stop the roles and rename in the database first (\`ALTER TABLE … RENAME\`). Then remove the
columns that have no readers.`,
};

export const OTHER_WAY: CodeDescription = {
  code: 'NOM605',
  severity: 'warning',
  title: 'messages go to another place',
  explanation: `Streams, subjects and durable consumers have names. With a new name they are new and empty. Messages under the old name have no
worker, and old ingest processes still publish there. With another number of partitions or another \`ordered by\`, two messages of
one key can be applied at the same time until the last old one is done. A shorter \`max_age\` or another \`storage\` can lose
waiting messages.

Stop ingest. Wait until the queue is empty (\`nomnom status\`, or the server's own tools). Stop the workers, apply, then start the
workers and ingest of the new program.`,
};

export const OTHER_ROWS: CodeDescription = {
  code: 'NOM606',
  severity: 'warning',
  title: 'a table has another rule for its rows',
  explanation: `The key, the upsert, \`delete when\` and \`prune by\` say what a message does to existing rows. While workers of both programs
run, two rules write the same table, and a row depends on which worker got its message. Rows written by the old rule stay. If
the existing rows violate a new \`key\` or \`unique\`, \`apply\` refuses it.

Stop the workers before \`apply\` and start the new ones after it. Messages wait in the queue meanwhile. Check the existing rows
against the new key first.`,
};

export const againstCodes: readonly CodeDescription[] = [
  GONE_ENTITY,
  MAY_BE_REFUSED,
  BREAKS_OLD_WORKER,
  NO_LONGER_WRITTEN,
  OTHER_WAY,
  OTHER_ROWS,
];
