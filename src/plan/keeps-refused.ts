import type { Plan } from './plan.ts';

/** Whether a role of the plan keeps what it refuses as dead letters: `on_refused: dead_letter`, of an entity or of the role. */
export function keepsRefused({ roles, entities }: Plan): boolean {
  return roles.some(
    ({ publishes, settings }) =>
      publishes.length > 0 &&
      entities.some((entity) => (entity.onRefused ?? settings.onRefused) === 'dead_letter'),
  );
}
