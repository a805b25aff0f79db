import type { Outgoing, PublishOutcome } from '../../ports/queue.ts';
import type { SqlSession } from '../../sql/postgres/session.ts';
import { arrayLiteral, element, NULL_ELEMENT } from '../../sql/postgres/array-literal.ts';
import { storedHeaders } from './stored-headers.ts';
import { bareArray, textArray } from './array-literal.ts';

/** Writers of the size of a stream take one of so many rows, by chance. */
export const SIZE_SLOTS = 16;

/** What becomes of each message: see `functions.ts`. */
const PUBLISH = {
  name: 'nomnom_queue_publish',
  text: `
SELECT outcome FROM nomnom_queue_publish($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) AS outcome`,
};

/** Publishes in one statement, which is one transaction; gives one outcome for each message, in order. */
export async function publishAll(
  session: SqlSession,
  messages: readonly Outgoing[],
): Promise<readonly PublishOutcome[]> {
  const starts: number[] = [];
  let length = 0;
  for (const { body } of messages) {
    // Postgres counts from 1.
    starts.push(length + 1);
    length += body.length;
  }
  const { rows } = await session.query({
    ...PUBLISH,
    values: [
      textArray(messages.map(({ stream }) => stream)),
      textArray(messages.map(({ subject }) => subject)),
      textArray(messages.map(({ entity }) => entity)),
      bareArray(messages.map(({ messageId }) => messageId)),
      textArray(messages.map(({ dedupeId }) => dedupeId)),
      bareArray(messages.map(({ generation }) => generation)),
      bareArray(messages.map(({ receivedAt }) => Math.trunc(receivedAt))),
      textArray(messages.map(storedHeaders)),
      bareArray(starts),
      bareArray(messages.map(({ body }) => body.length)),
      Buffer.concat(
        messages.map(({ body }) => body),
        length,
      ),
      Math.floor(Math.random() * SIZE_SLOTS),
      arrayLiteral(
        messages.map(({ program }) => (program === undefined ? NULL_ELEMENT : element(program, false))),
      ),
    ],
  });
  return messages.map((message, index) => outcomeOf(String(rows[index]?.['outcome']), message));
}

function outcomeOf(outcome: string, { stream, subject }: Outgoing): PublishOutcome {
  switch (outcome) {
    case 'stored':
      return { kind: 'stored', duplicate: false };
    case 'duplicate':
      return { kind: 'stored', duplicate: true };
    case 'full':
      return { kind: 'full', reason: `stream ${stream} holds its max_bytes` };
    case 'no_stream':
      return { kind: 'misconfigured', reason: `there is no stream ${stream}` };
    case 'not_captured':
      return { kind: 'misconfigured', reason: `stream ${stream} does not capture the subject ${subject}` };
    default:
      return { kind: 'unavailable', reason: 'the answer of Postgres has no outcome for this message' };
  }
}
