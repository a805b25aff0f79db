import type { Plan } from '../../plan/plan.ts';
import type { SqlSession } from '../../sql/postgres/session.ts';
import { textArray } from './array-literal.ts';
import { queueFailure } from './queue-failure.ts';

/** Bytes that the smallest message counts for. */
const SMALLEST = 200;

/** Asked outside of a transaction, so that it says what the next one would be. */
const WRITABLE = {
  text: `SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only')::boolean AS read_only`,
};

/** An entity's name for `{entity}` tells whether the stream captures the subject. */
const CAPTURES = {
  text: `
SELECT wanted.stream, wanted.subject, s.name IS NOT NULL AS exists, wanted.subject ~ s.subject_regex AS captured,
  s.max_bytes > 0 AND s.max_bytes - $3::int8 < (
    SELECT coalesce(sum(z.bytes), 0) FROM nomnom_queue_size AS z WHERE z.stream = s.name
  ) AS full
FROM unnest($1::text[], $2::text[]) AS wanted (stream, subject)
LEFT JOIN nomnom_queue_stream AS s ON s.name = wanted.stream`,
};

/** Why Postgres would store nothing that the plan's roles publish now. */
export async function obstacleOf(session: SqlSession, plan: Plan): Promise<string | undefined> {
  const published = plan.roles.flatMap(({ publishes }) => publishes);
  if (published.length === 0) return undefined;
  try {
    const { rows: states } = await session.query(WRITABLE);
    if (states[0]?.['standby'] === true) return 'Postgres is a standby, which takes no writes';
    if (states[0]?.['read_only'] === true) return 'Postgres is read-only';
    const { rows } = await session.query({
      ...CAPTURES,
      values: [
        textArray(published.map(({ stream }) => stream)),
        textArray(
          published.map(({ template }) => template.replace('{entity}', plan.entities[0]?.name ?? 'x')),
        ),
        SMALLEST,
      ],
    });
    for (const row of rows) {
      const stream = `stream ${String(row['stream'])}`;
      if (row['exists'] !== true) return `${stream} does not exist`;
      if (row['captured'] !== true) return `${stream} does not capture ${String(row['subject'])}`;
      if (row['full'] === true) return `${stream} is full`;
    }
    return undefined;
  } catch (error) {
    throw queueFailure(error);
  }
}
