import { textInSchema } from '../../sql/postgres/own-schema.ts';
import { READ_LACKING } from '../../sql/postgres/lacking-rights.ts';
import { functionName, lackingRight, lackingText } from '../../sql/postgres/lacking-text.ts';
import { grantsOf } from '../../sql/postgres/privileges.ts';
import type { SqlSession } from '../../sql/postgres/session.ts';
import { textArray } from './array-literal.ts';
import { queueFailure } from './queue-failure.ts';

/** Read when the role starts, and to find lost messages. */
const NOT_TO_PUBLISH: ReadonlySet<string> = new Set(['nomnom_queue_migration', 'nomnom_queue_id_seq']);

/** What the user lacks of the rights by which messages are published, in words. Rejects with a `Failure`. */
export async function lackingToPublish(
  session: SqlSession,
  schema: string | undefined,
): Promise<readonly string[]> {
  const wanted = Object.entries(grantsOf('ingest', 'queue'))
    .filter(([table]) => !NOT_TO_PUBLISH.has(table))
    .flatMap(([table, privileges]) =>
      privileges.filter((privilege) => isNeeded(table, privilege)).map((privilege) => ({ table, privilege })),
    );
  const nameOf = (table: string) => (schema === undefined ? table : textInSchema(table, schema));
  try {
    const { rows } = await session.query({
      text: READ_LACKING,
      values: [
        textArray(wanted.map(({ table }) => nameOf(table))),
        textArray(wanted.map(({ privilege }) => privilege)),
        true,
      ],
    });
    return rows
      .map(lackingRight)
      .filter(
        ({ kind, name }) =>
          kind !== 'some rows' && (kind !== 'function' || functionName(name) === 'nomnom_queue_publish'),
      )
      .map((each) => `this user lacks ${lackingText(each)}`);
  } catch (error) {
    throw queueFailure(error);
  }
}

/** Whoever publishes also deletes what is too old; without that right messages are taken all the same. */
function isNeeded(table: string, privilege: string): boolean {
  return table !== 'nomnom_queue' || privilege === 'INSERT' || privilege === 'SELECT';
}
