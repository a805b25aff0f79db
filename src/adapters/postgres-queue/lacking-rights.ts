import type { SqlSession } from '../../sql/postgres/session.ts';
import { grantsOf, READ_LACKING } from '../../sql/postgres/privileges.ts';
import type { RoleKind } from '../../sql/role-kind.ts';
import { textArray } from './array-literal.ts';
import { queueFailure } from './queue-failure.ts';

/** What the user lacks of the rights on the tables of the queue, in words. Rejects with a `Failure`. */
export async function lackingOf(session: SqlSession, kind: RoleKind): Promise<readonly string[]> {
  const wanted = Object.entries(grantsOf(kind, 'queue')).flatMap(([table, privileges]) =>
    privileges.map((privilege) => ({ table, privilege })),
  );
  try {
    const { rows } = await session.query({
      text: READ_LACKING,
      values: [
        textArray(wanted.map(({ table }) => table)),
        textArray(wanted.map(({ privilege }) => privilege)),
      ],
    });
    return rows.map((row) => `this user lacks ${String(row['privilege'])} on ${String(row['name'])}`);
  } catch (error) {
    throw queueFailure(error);
  }
}
