import type { Plan, PublishPlan, RolePlan } from '../../plan/plan.ts';

/** Who connects to NATS: `apply`, or a role of this kind. `nomnom dlq` is a worker, and to replay, ingest. */
export type NatsUser = 'apply' | 'ingest' | 'worker';

/** Subjects that a user of NATS may publish and subscribe to, as `permissions` of its configuration has them. */
export interface NatsPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/**
 * What a user needs of JetStream and no more, for the streams, consumers and subjects of the program. The API is one of
 * subjects (docs.nats.io, "NATS API Reference"): a request names its stream and consumer.
 */
export function permissionsOf(user: NatsUser, plan: Plan): NatsPermissions {
  const streams = plan.streams.map(({ name }) => name);
  const api = (...requests: readonly string[]) => requests.map((request) => `$JS.API.${request}`);
  const everybody = [
    ...api('INFO', 'STREAM.NAMES'),
    ...streams.flatMap((stream) =>
      api(`STREAM.INFO.${stream}`, `CONSUMER.INFO.${stream}.*`, `CONSUMER.LIST.${stream}`),
    ),
  ];
  // A consumer is made anew where its queue was wiped or its order changed, by whoever notices it.
  const makes = streams.flatMap((stream) =>
    api(
      `STREAM.UPDATE.${stream}`,
      `CONSUMER.CREATE.${stream}.>`,
      `CONSUMER.DURABLE.CREATE.${stream}.*`,
      `CONSUMER.DELETE.${stream}.*`,
    ),
  );
  // Of the oldest message that waits its age is told, and whether a message is lost.
  const reads = streams.flatMap((stream) => api(`STREAM.MSG.GET.${stream}`));
  const subscribe = ['_INBOX.>'];
  switch (user) {
    case 'apply':
      return {
        publish: [...everybody, ...streams.flatMap((stream) => api(`STREAM.CREATE.${stream}`)), ...makes],
        subscribe,
      };
    case 'ingest':
      return {
        publish: [...everybody, ...reads, ...publishedBy(plan, ({ publishes }) => publishes)],
        subscribe,
      };
    case 'worker':
      return {
        publish: [
          ...everybody,
          ...reads,
          ...makes,
          ...streams.flatMap((stream) => [...api(`CONSUMER.MSG.NEXT.${stream}.*`), `$JS.ACK.${stream}.>`]),
          ...publishedBy(plan, ({ deadLetter }) => (deadLetter === undefined ? [] : [deadLetter])),
        ],
        subscribe,
      };
  }
}

/** The subjects, as their streams capture them; a partition of `ordered by` is one more part of a subject. */
function publishedBy(plan: Plan, published: (role: RolePlan) => readonly PublishPlan[]): readonly string[] {
  const targets = plan.roles.flatMap(published);
  const patterns = targets.flatMap(({ stream, template }) =>
    plan.streams
      .filter(({ name }) => name === stream)
      .flatMap(({ subjects }) =>
        subjects.filter((each) => each.template === template || each.template === `${template}.{partition}`),
      ),
  );
  return [...new Set(patterns.map(({ pattern }) => pattern))];
}

/** As lines of the configuration of a nats-server. */
export function natsPermissionsText({ publish, subscribe }: NatsPermissions, indent = ''): string {
  const list = (subjects: readonly string[]) =>
    subjects.map((each) => `${indent}    ${JSON.stringify(each)}`);
  return [
    `${indent}permissions: {`,
    `${indent}  publish: [`,
    ...list(publish),
    `${indent}  ]`,
    `${indent}  subscribe: [`,
    ...list(subscribe),
    `${indent}  ]`,
    `${indent}}`,
  ].join('\n');
}
