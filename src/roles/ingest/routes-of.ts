import { type EntityPlan, type Plan, type RolePlan, subjectOf } from '../../plan/plan.ts';

/** Where the messages of one entity go. */
export interface EntityRoute {
  readonly entity: EntityPlan;
  readonly stream: string;
  readonly subject: string;
  /** Rows that one message may become. */
  readonly maxRows: number;
}

/** The entities that the role accepts, by name. A role that publishes nothing accepts none. */
export function routesOf(plan: Plan, role: RolePlan): ReadonlyMap<string, EntityRoute> {
  const target = role.publishes[0];
  if (target === undefined) return new Map();
  // What the worker would refuse is refused here.
  const maxRows = Math.min(...plan.roles.map(({ settings }) => settings.maxRowsPerMessage));
  return new Map(
    plan.entities.map((entity) => [
      entity.name,
      { entity, stream: target.stream, subject: subjectOf(target.template, entity.name), maxRows },
    ]),
  );
}
