import type { ConsumePlan, Plan, StreamPlan } from '../../plan/plan.ts';
import type { Difference } from '../../ports/queue.ts';
import { inOwnSchema } from '../../sql/postgres/own-schema.ts';
import type { SqlSession, SqlStore } from '../../sql/postgres/session.ts';
import { textArray } from './array-literal.ts';
import { migrate, schemaVersion, SCHEMA_VERSION } from './migrate.ts';
import { SIZE_SLOTS } from './publish.ts';
import { queueFailure } from './queue-failure.ts';
import { subjectRegex } from './subject-regex.ts';

const READ_STREAMS = `SELECT name, subjects, max_bytes, max_age_ms, dedupe_ms FROM nomnom_queue_stream`;

const READ_CONSUMERS = `SELECT stream, durable, filter FROM nomnom_queue_consumer`;

const WRITE_STREAM = `
INSERT INTO nomnom_queue_stream (name, subjects, subject_regex, max_bytes, max_age_ms, dedupe_ms)
VALUES ($1, $2::text[], $3, $4, $5, $6)
ON CONFLICT (name) DO UPDATE SET subjects = excluded.subjects, subject_regex = excluded.subject_regex,
  max_bytes = excluded.max_bytes, max_age_ms = excluded.max_age_ms, dedupe_ms = excluded.dedupe_ms`;

const WRITE_SIZE_SLOTS = `
INSERT INTO nomnom_queue_size (stream, slot) SELECT $1, generate_series(0, $2 - 1) ON CONFLICT DO NOTHING`;

const WRITE_CONSUMER = `
INSERT INTO nomnom_queue_consumer (stream, durable, filter, filter_regex) VALUES ($1, $2, $3, $4)
ON CONFLICT (stream, durable) DO UPDATE SET filter = excluded.filter, filter_regex = excluded.filter_regex`;

/** Messages that nobody wanted when they came go to the consumer whose filter matches them now. */
const ADOPT_UNWANTED = `
UPDATE nomnom_queue q SET consumer = c.id, visible_at = now()
FROM nomnom_queue_consumer c
WHERE q.consumer IS NULL AND c.stream = q.stream AND q.subject ~ c.filter_regex
  AND c.stream = $1 AND c.durable = $2`;

/** What the plan fixes of the queue's tables, streams and consumers, and what Postgres has. */
export async function differencesOf(store: SqlStore, plan: Plan): Promise<readonly Difference[]> {
  try {
    return await compare(store, plan);
  } catch (error) {
    throw queueFailure(error);
  }
}

/** Creates the tables and makes the streams and consumers those of the plan; a line for each thing done. */
export async function applyTo(
  session: SqlStore,
  plan: Plan,
  schema: string | undefined,
): Promise<readonly string[]> {
  const store = inOwnSchema(session, schema);
  try {
    const migrations = await migrate(session, schema);
    const differences = await compare(store, plan);
    if (differences.length > 0) await store.transaction((session) => write(session, plan));
    return [
      ...migrations.map(({ number, name }) => `migrated the queue to version ${number}: ${name}`),
      ...differences.map(({ what, expected, found }) =>
        expected === 'exists' ? `created ${what}` : `updated ${what}: ${expected} (was ${found})`,
      ),
    ];
  } catch (error) {
    throw queueFailure(error);
  }
}

async function write(session: SqlSession, plan: Plan): Promise<void> {
  for (const stream of plan.streams) {
    const patterns = stream.subjects.map(({ pattern }) => pattern);
    await session.query({
      text: WRITE_STREAM,
      values: [
        stream.name,
        textArray(patterns),
        subjectRegex(patterns),
        stream.maxBytes,
        stream.maxAge,
        stream.dedupe,
      ],
    });
    await session.query({ text: WRITE_SIZE_SLOTS, values: [stream.name, SIZE_SLOTS] });
  }
  for (const { stream, durable, filter } of consumersOf(plan)) {
    await session.query({ text: WRITE_CONSUMER, values: [stream, durable, filter, subjectRegex([filter])] });
    await session.query({ text: ADOPT_UNWANTED, values: [stream, durable] });
  }
}

async function compare(store: SqlStore, plan: Plan): Promise<readonly Difference[]> {
  const version = await schemaVersion(store);
  if (version !== SCHEMA_VERSION) {
    return [
      {
        code: 'NOM902',
        what: 'the queue’s tables',
        expected: `version ${SCHEMA_VERSION}`,
        found: version === 0 ? 'none' : `version ${version}`,
        fixable: version < SCHEMA_VERSION,
      },
    ];
  }
  const { rows: streams } = await store.query({ text: READ_STREAMS });
  const { rows: consumers } = await store.query({ text: READ_CONSUMERS });
  return [
    ...plan.streams.flatMap((stream) => {
      const found = streams.find((row) => row['name'] === stream.name);
      return found === undefined ? [missing(`stream ${stream.name}`)] : streamDifferences(stream, found);
    }),
    ...consumersOf(plan).flatMap(({ stream, durable, filter }) => {
      const what = `consumer ${durable} of stream ${stream}`;
      const found = consumers.find((row) => row['stream'] === stream && row['durable'] === durable);
      return found === undefined
        ? [missing(what)]
        : compareOne(`${what}, filter`, filter, String(found['filter']));
    }),
  ];
}

function streamDifferences(
  stream: StreamPlan,
  found: Readonly<Record<string, unknown>>,
): readonly Difference[] {
  const subjects = (found['subjects'] as readonly string[]).toSorted().join(', ');
  const what = `stream ${stream.name}`;
  return [
    ...compareOne(
      `${what}, subjects`,
      stream.subjects
        .map(({ pattern }) => pattern)
        .toSorted()
        .join(', '),
      subjects,
    ),
    ...compareOne(`${what}, max_bytes`, String(stream.maxBytes), String(found['max_bytes'])),
    ...compareOne(`${what}, max_age`, `${stream.maxAge}ms`, `${String(found['max_age_ms'])}ms`),
    ...compareOne(`${what}, dedupe`, `${stream.dedupe}ms`, `${String(found['dedupe_ms'])}ms`),
  ];
}

function compareOne(what: string, expected: string, found: string): readonly Difference[] {
  return expected === found ? [] : [{ code: 'NOM903', what, expected, found, fixable: true }];
}

function missing(what: string): Difference {
  return { code: 'NOM903', what, expected: 'exists', found: 'does not exist', fixable: true };
}

function consumersOf(plan: Plan): readonly ConsumePlan[] {
  return plan.roles.flatMap(({ consumes }) => consumes);
}
