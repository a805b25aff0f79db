import type { EntityPlan, Plan } from '../plan/plan.ts';
import { closest } from '../diagnostics/suggest.ts';
import { usage } from './exit.ts';

/** The entity that the user named; an unknown one is wrong use, and the known ones are listed. */
export function entityNamed(plan: Plan, name: string): EntityPlan {
  const entity = plan.entities.find((each) => each.name === name);
  if (entity !== undefined) return entity;
  const known = plan.entities.map((each) => each.name);
  const near = closest(name, known);
  throw usage(
    `${plan.file} has no entity ${name}: ` +
      (near === undefined ? `it has ${known.join(', ')}` : `did you mean ${near}?`),
  );
}
