import { consumersOf, patternOf } from '../model/query/consumers.ts';
import { capturesOf } from '../model/query/partitions.ts';
import type { LinkModel, Program, RoleModel, StreamModel, SubjectModel } from '../model/program.ts';
import { sharingLinks } from '../model/query/shared-messages.ts';
import type { ConsumePlan, PublishPlan, RolePlan, StreamPlan, SubjectPlan } from './plan.ts';

export function planStreams(program: Program): readonly StreamPlan[] {
  return program.streams.map((stream) => ({
    name: stream.name,
    subjects: stream.subjects.flatMap((subject) => subjectPlans(subject, program)),
    retention: retentionOf(stream, program),
    storage: stream.settings.storage,
    replicas: stream.settings.replicas,
    maxAge: stream.settings.max_age,
    maxBytes: stream.settings.max_bytes,
    dedupe: stream.settings.dedupe,
    partitions: stream.settings.partitions,
  }));
}

/** A subject, and that of its partitions where entities with `ordered by` are published to it. */
function subjectPlans(subject: SubjectModel, program: Program): readonly SubjectPlan[] {
  return capturesOf(program, subject).map(({ template, ordered }) => ({
    name: ordered.length === 0 ? subject.name : `${subject.name} by partition`,
    template,
    pattern: patternOf(template),
  }));
}

/**
 * A message that was worked is deleted, so that a full stream holds only what still waits. A work queue lets only one
 * consumer have a message; where several roles take the same one, it stays until all of them have.
 */
function retentionOf(stream: StreamModel, program: Program): StreamPlan['retention'] {
  return sharingLinks(stream, program) === undefined ? 'workqueue' : 'interest';
}

export function planRoles(program: Program): readonly RolePlan[] {
  return program.roles.map((role) => planRole(role, program));
}

function planRole(role: RoleModel, program: Program): RolePlan {
  const { settings } = role;
  const deadLetter = role.deadLetter === undefined ? [] : publishPlan(role.deadLetter);
  return {
    name: role.name,
    publishes: role.publishes.flatMap(publishPlan),
    consumes: role.consumes.flatMap((link) => consumePlans(link, role, program)),
    ...(deadLetter[0] === undefined ? {} : { deadLetter: deadLetter[0] }),
    settings: {
      ...(role.publishes.length > 0 || namesPort(role) ? { port: settings.port } : {}),
      attempts: settings.attempts,
      backoff: settings.backoff,
      batch: settings.batch,
      concurrency: settings.concurrency,
      linger: settings.linger,
      bodyLimit: settings.body_limit,
      batchLimit: settings.batch_limit,
      publishWindow: settings.publish_window,
      maxRowsPerMessage: settings.max_rows_per_message,
      onPoison: settings.on_poison,
      onRefused: settings.on_refused,
      keepStatuses: settings.keep_statuses,
      keepDeadLetters: settings.keep_dead_letters,
    },
  };
}

function namesPort({ tree }: RoleModel): boolean {
  return tree?.settings.some(({ name }) => name.text === 'port') ?? false;
}

function publishPlan(link: LinkModel): PublishPlan[] {
  const { subject } = link;
  return subject === undefined ? [] : [{ stream: subject.stream, template: subject.template }];
}

function consumePlans(link: LinkModel, role: RoleModel, program: Program): ConsumePlan[] {
  const { ack_wait: ackWait, batch, concurrency } = role.settings;
  return consumersOf(program, role, link).map((consumer) => ({
    ...consumer,
    entities: consumer.entities.map((entity) => entity.name),
    ackWait,
    maxAckPending:
      consumer.partition === undefined
        ? // What waits for its next attempt, a sick table or a newer worker counts too: what is behind it must still come.
          Math.max(25_000, batch * (concurrency + 1) * 8)
        : // One worker at a time has a partition.
          Math.max(1000, batch * 4),
  }));
}
