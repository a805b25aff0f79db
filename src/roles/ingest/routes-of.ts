import type { SecretValues } from '../../ports/secrets.ts';
import { subjectFor } from '../../plan/partition.ts';
import type { EntityPlan, MessageLimits, Plan, RolePlan } from '../../plan/plan.ts';
import { signatureCheck, type SignatureCheck } from './signature-check.ts';

/** Where the messages of one entity go. */
export interface EntityRoute {
  readonly entity: EntityPlan;
  readonly stream: string;
  /** The subject of a message with this order key, or of one without. */
  readonly subjectFor: (orderKey: string | undefined) => string;
  readonly limits: MessageLimits;
  /** For an entity whose sender signs its requests. */
  readonly signature?: SignatureCheck;
  /** Whether a refused message is kept as a dead letter. */
  readonly keepsRefused: boolean;
  /** The fingerprint of the program that accepts them. */
  readonly program: string;
}

/** The entities that the role accepts, by name. A role that publishes nothing accepts none. */
export function routesOf(
  plan: Plan,
  role: RolePlan,
  secrets: SecretValues,
): ReadonlyMap<string, EntityRoute> {
  const target = role.publishes[0];
  if (target === undefined) return new Map();
  return new Map(
    plan.entities.map((entity) => {
      const unordered = subjectFor(plan, target, entity.name, undefined);
      return [
        entity.name,
        {
          entity,
          stream: target.stream,
          subjectFor: (orderKey) =>
            orderKey === undefined ? unordered : subjectFor(plan, target, entity.name, orderKey),
          limits: plan.limits,
          ...(entity.signature === undefined ? {} : { signature: signatureCheck(entity.signature, secrets) }),
          keepsRefused: (entity.onRefused ?? role.settings.onRefused) === 'dead_letter',
          program: plan.program,
        },
      ];
    }),
  );
}
