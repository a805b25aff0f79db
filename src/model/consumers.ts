import type { LinkModel, RecordModel, RoleModel } from './program.ts';

/** A durable consumer that a role has for what it consumes. */
export interface ConsumerModel {
  readonly stream: string;
  readonly durable: string;
  /** One filter: servers before 2.10 know only one for each consumer. */
  readonly filter: string;
  readonly template: string;
  readonly entities: readonly RecordModel[];
}

/** The consumers of a link: one, or with `only` one for each entity. */
export function consumersOf(
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

export function filtersOf(link: LinkModel): readonly string[] {
  const template = link.subject?.template ?? '';
  const narrowed = (link.tree?.only.length ?? 0) > 0 && template.includes('{entity}');
  return narrowed
    ? link.entities.map((entity) => template.replace('{entity}', entity.name))
    : [patternOf(template)];
}

/** As a stream captures a subject: `{entity}` is any token. */
export function patternOf(template: string): string {
  return template.replace('{entity}', '*');
}
