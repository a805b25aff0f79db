import { linksWith } from './links.ts';
import type { LinkModel, Program, RecordModel, RoleModel } from '../program.ts';

/** A durable consumer that a role has for what it consumes. */
export interface ConsumerModel {
  readonly stream: string;
  readonly durable: string;
  /** One filter: servers before 2.10 know only one for each consumer. */
  readonly filter: string;
  readonly template: string;
  readonly entities: readonly RecordModel[];
  /** For one partition of the messages of entities with `ordered by`. */
  readonly partition?: { readonly group: string; readonly index: number; readonly count: number };
}

/**
 * The consumers of a link: one, or with `only` one for each entity. Where entities with `ordered by` arrive, one more
 * for each partition; the first stays, for the messages that were accepted before their entity was ordered.
 */
export function consumersOf(
  program: Pick<Program, 'name' | 'streams' | 'roles'>,
  role: Pick<RoleModel, 'name'>,
  link: LinkModel,
): readonly ConsumerModel[] {
  const { subject } = link;
  if (subject === undefined) return [];
  const ordered = linksWith(program.roles, subject).ordered;
  return wholeConsumers(program.name, role, link).flatMap((consumer): readonly ConsumerModel[] => {
    const entities = ordered.size === 0 ? [] : consumer.entities.filter((entity) => ordered.has(entity));
    if (entities.length === 0) return [consumer];
    const { settings } = program.streams.find(({ name }) => name === subject.stream) ?? {};
    return [consumer, ...partitioned(consumer, entities, settings?.partitions ?? 0)];
  });
}

function wholeConsumers(
  pipeline: string,
  role: Pick<RoleModel, 'name'>,
  link: LinkModel,
): readonly ConsumerModel[] {
  const { subject } = link;
  if (subject === undefined) return [];
  const filters = filtersOf(link);
  return filters.map((filter, at) => {
    const entities = filters.length === 1 ? link.entities : link.entities.slice(at, at + 1);
    const whole = filters.length === 1 && (link.tree?.only.length ?? 0) === 0;
    const suffix = whole ? '' : `_${entities[0]?.name ?? at}`;
    return {
      stream: subject.stream,
      durable: `${pipeline}_${role.name}_${subject.name}${suffix}`,
      filter,
      template: subject.template,
      entities,
    };
  });
}

function partitioned(
  whole: ConsumerModel,
  entities: readonly RecordModel[],
  count: number,
): readonly ConsumerModel[] {
  return Array.from({ length: count }, (_, index) => ({
    ...whole,
    durable: `${whole.durable}_p${index}`,
    filter: `${whole.filter}.${index}`,
    entities,
    partition: { group: whole.durable, index, count },
  }));
}

export function filtersOf(link: LinkModel): readonly string[] {
  const template = link.subject?.template ?? '';
  const narrowed = (link.tree?.only.length ?? 0) > 0 && template.includes('{entity}');
  return narrowed
    ? link.entities.map((entity) => template.replace('{entity}', entity.name))
    : [patternOf(template)];
}

/** As a stream captures a subject: `{entity}` and `{partition}` are any token. */
export function patternOf(template: string): string {
  return template.replace('{entity}', '*').replace('{partition}', '*');
}
