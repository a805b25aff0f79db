import type { Program, RecordModel, SubjectModel } from '../program.ts';
import { linksWith } from './links.ts';

/**
 * The entities with `ordered by` whose messages go to partitions of a subject: all that a role publishes to it. What
 * comes to it as dead letters only has no partitions.
 */
export function orderedEntities(
  program: Pick<Program, 'roles'>,
  subject: SubjectModel,
): readonly RecordModel[] {
  return [...linksWith(program.roles, subject).ordered];
}

/**
 * The template of a subject's partitions: the same with a token more. A stream has one for each subject, not one for
 * each entity: the filter of a consumer must lie within one subject of its stream (nats-server 2.9), and that of all
 * ordered entities is `shop.ingest.*.3`.
 */
export function partitionTemplate(template: string): string {
  return `${template}.{partition}`;
}

/** What a stream captures for a subject: its template, and that of its partitions where it has some. */
export interface Capture {
  readonly subject: SubjectModel;
  readonly template: string;
  /** Whose messages make the partitions; none for the subject itself. */
  readonly ordered: readonly RecordModel[];
}

export function capturesOf(program: Pick<Program, 'roles'>, subject: SubjectModel): readonly Capture[] {
  const { template } = subject;
  const ordered = orderedEntities(program, subject);
  const whole = { subject, template, ordered: [] };
  return ordered.length === 0
    ? [whole]
    : [whole, { subject, template: partitionTemplate(template), ordered }];
}
