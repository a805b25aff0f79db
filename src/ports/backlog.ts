import type { ConsumePlan, Plan } from '../plan/plan.ts';

/** What waits in one stream. */
export interface Backlog {
  readonly stream: string;
  /** The partitions of a group are one. */
  readonly consumers: readonly ConsumerBacklog[];
  /** Messages that no consumer of the plan will get, dead letters aside. */
  readonly orphans: number;
}

export interface ConsumerBacklog {
  /** The durable name; of partitions, that of their group. */
  readonly consumer: string;
  /** Messages that wait or are out for delivery. Above a hundred thousand it may be an estimate. */
  readonly messages: number;
  /** When the oldest of them was accepted, milliseconds since the epoch; undefined where there is none. */
  readonly oldestAt: number | undefined;
}

/** Partitions share the work of their group: one sum for each name, and the oldest of all. */
export function byConsumer(counted: readonly ConsumerBacklog[]): readonly ConsumerBacklog[] {
  return [...Map.groupBy(counted, ({ consumer }) => consumer)].map(([consumer, parts]) => {
    const moments = parts.flatMap(({ oldestAt }) => (oldestAt === undefined ? [] : [oldestAt]));
    return {
      consumer,
      messages: parts.reduce((sum, part) => sum + part.messages, 0),
      oldestAt: moments.length === 0 ? undefined : Math.min(...moments),
    };
  });
}

/** The consumers of the plan, also where several roles use the same one. */
export function distinctConsumers(plan: Plan): readonly ConsumePlan[] {
  const all = plan.roles.flatMap(({ consumes }) => consumes);
  return [...new Map(all.map((consume) => [`${consume.stream} ${consume.durable}`, consume])).values()];
}
