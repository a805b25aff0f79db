import type { ConsumePlan, Plan, RolePlan } from '../../plan/plan.ts';
import type { Contradiction } from '../../ports/catalog.ts';

/** What only the live servers and the process know. */
export interface Surroundings {
  /** Bytes of the largest body that the queue takes, where it has such a limit. */
  readonly maxBody: number | undefined;
  /** Connections that this process opens to Postgres at most. */
  readonly connections: number;
  /** Connections that Postgres gives to ordinary users; undefined where it cannot be asked now. */
  readonly maxConnections: number | undefined;
}

/** Milliseconds of evaluation for one message, on the safe side: a lease is not renewed in between. */
const EVALUATION = 0.2;

export function contradictions(plan: Plan, role: RolePlan, around: Surroundings): readonly Contradiction[] {
  return [
    ...(role.publishes.length === 0 ? [] : ofPublishing(plan, role, around)),
    ...role.consumes.flatMap((consume) => ofConsuming(plan, role, consume)),
    ...ofConnections(around),
  ];
}

function ofPublishing(
  plan: Plan,
  { publishes, settings }: RolePlan,
  { maxBody }: Surroundings,
): Contradiction[] {
  const { bodyLimit, batchLimit } = settings;
  const found: Contradiction[] = [];
  if (maxBody !== undefined && bodyLimit > maxBody)
    found.push(
      warning(
        `body_limit is ${bodyLimit} bytes, but the queue takes at most ${maxBody}: larger messages are answered with 413; ` +
          'raise max_payload of the NATS servers, or lower body_limit',
      ),
    );
  if (bodyLimit > batchLimit)
    found.push(
      warning(
        `body_limit is ${bodyLimit} bytes and batch_limit ${batchLimit}: the largest message does not fit into a batch; raise batch_limit`,
      ),
    );
  for (const { stream } of publishes) {
    const maxBytes = plan.streams.find(({ name }) => name === stream)?.maxBytes ?? -1;
    if (maxBytes > 0 && bodyLimit >= maxBytes)
      found.push(
        warning(
          `body_limit is ${bodyLimit} bytes, but the stream ${stream} holds at most ${maxBytes}: the largest messages never find room; ` +
            'raise max_bytes, or lower body_limit',
        ),
      );
  }
  return found;
}

function ofConsuming(plan: Plan, { settings }: RolePlan, consume: ConsumePlan): Contradiction[] {
  const { stream, ackWait } = consume;
  const { linger, batch, attempts, backoff, keepStatuses } = settings;
  const maxAge = plan.streams.find(({ name }) => name === stream)?.maxAge ?? 0;
  const found: Contradiction[] = [];
  if (linger >= ackWait)
    found.push(
      refusal(
        `linger is ${linger} ms and ack_wait ${ackWait} ms: every message would be delivered again before its batch is full; ` +
          'lower linger, or raise ack_wait',
      ),
    );
  else if (linger > ackWait / 3)
    found.push(
      warning(
        `linger is ${linger} ms, more than a third of ack_wait (${ackWait} ms): messages may be delivered twice`,
      ),
    );
  if (batch * EVALUATION > ackWait / 3)
    found.push(
      warning(
        `a batch of ${batch} may take longer to evaluate than a third of ack_wait (${ackWait} ms), after which it has to be renewed: ` +
          'messages may be delivered twice; lower batch, or raise ack_wait',
      ),
    );
  if (keepStatuses <= ackWait)
    found.push(
      refusal(
        `keep_statuses is ${keepStatuses} ms and ack_wait ${ackWait} ms: a message whose acknowledgement is lost would be applied twice; ` +
          'raise keep_statuses',
      ),
    );
  if (maxAge === 0) return found;
  if (maxAge <= ackWait)
    found.push(
      refusal(
        `the stream ${stream} drops messages after ${maxAge} ms and ack_wait is ${ackWait} ms: what a worker held when it ended ` +
          'would be lost; raise max_age, or lower ack_wait',
      ),
    );
  else if (maxAge < delaysOf(attempts, backoff))
    found.push(
      warning(
        `the stream ${stream} drops messages after ${maxAge} ms, before ${attempts} attempts with this backoff are spent: ` +
          'such a message would be lost; raise max_age, or lower attempts or backoff',
      ),
    );
  if (maxAge > keepStatuses)
    found.push(
      warning(
        `the stream ${stream} keeps messages for ${maxAge} ms and keep_statuses is ${keepStatuses} ms: one that is delivered again ` +
          'after that would be applied again; raise keep_statuses',
      ),
    );
  return found;
}

function ofConnections({ connections, maxConnections }: Surroundings): Contradiction[] {
  if (maxConnections === undefined) return [];
  if (connections > maxConnections)
    return [
      refusal(
        `this role uses up to ${connections} connections, and Postgres has ${maxConnections}: ` +
          'lower concurrency, or raise max_connections',
      ),
    ];
  if (connections * 2 > maxConnections)
    return [
      warning(
        `this role uses up to ${connections} of the ${maxConnections} connections of Postgres: a second process would not find enough`,
      ),
    ];
  return [];
}

/** Milliseconds between the first attempt and the last, at most. */
function delaysOf(attempts: number, { from, to }: { readonly from: number; readonly to: number }): number {
  let total = 0;
  for (let attempt = 1; attempt < attempts; attempt += 1)
    total += Math.min(to, from * 2 ** Math.min(attempt - 1, 30));
  return total;
}

function warning(message: string): Contradiction {
  return { severity: 'warning', message };
}

function refusal(message: string): Contradiction {
  return { severity: 'refusal', message };
}
