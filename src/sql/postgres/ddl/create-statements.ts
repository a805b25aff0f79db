import { creation } from '../../../plan/creation.ts';
import type { Plan } from '../../../plan/plan.ts';
import { changeText } from './change.ts';

/** Everything that creates the plan's own tables on an empty database, in order; each without a semicolon. */
export function createStatements(plan: Plan): readonly string[] {
  return creation(plan).map(changeText);
}
