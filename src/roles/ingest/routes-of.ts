import { type EntityPlan, type Plan, type RolePlan, subjectOf } from '../../plan/plan.ts';

/** Where the messages of one entity go. */
export interface EntityRoute {
  readonly entity: EntityPlan;
  readonly stream: string;
  readonly subject: string;
}

/** The entities that the role accepts, by name. A role that publishes nothing accepts none. */
export function routesOf(plan: Plan, role: RolePlan): ReadonlyMap<string, EntityRoute> {
  const target = role.publishes[0];
  if (target === undefined) return new Map();
  return new Map(
    plan.entities.map((entity) => [
      entity.name,
      { entity, stream: target.stream, subject: subjectOf(target.template, entity.name) },
    ]),
  );
}
