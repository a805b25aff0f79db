import type { Plan, RolePlan } from '../plan/plan.ts';
import { usage } from './exit.ts';

/** The role that a flag names. Ends the command where the file has none of that name. */
export function roleNamed(plan: Plan, name: string): RolePlan {
  const role = plan.roles.find((each) => each.name === name);
  if (role === undefined) throw usage(`${plan.file} has no role ${name}: it has ${rolesOf(plan)}`);
  return role;
}

/** The names of all roles, for a message. */
export function rolesOf({ roles }: Plan): string {
  return roles.map(({ name }) => name).join(', ');
}
