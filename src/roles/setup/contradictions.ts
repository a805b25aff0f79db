import type { RolePlan } from '../../plan/plan.ts';
import type { Contradiction } from '../../ports/catalog.ts';

/** What only the live servers and the process know. */
export interface Surroundings {
  /** Bytes of the largest body that the queue takes, where it has such a limit; with 0 it takes none, which is told elsewhere. */
  readonly maxBody: number | undefined;
  /** Connections that this process opens to Postgres at most. */
  readonly connections: number;
  /** Connections that Postgres gives to ordinary users; undefined where it cannot be asked now. */
  readonly maxConnections: number | undefined;
}

/** What of the role's settings does not go together with the servers; `check` has compared them with each other. */
export function contradictions(role: RolePlan, around: Surroundings): readonly Contradiction[] {
  return [...(role.publishes.length === 0 ? [] : ofPublishing(role, around)), ...ofConnections(around)];
}

function ofPublishing(
  { settings: { bodyLimit } }: RolePlan,
  { maxBody }: Surroundings,
): readonly Contradiction[] {
  if (maxBody === undefined || maxBody === 0 || bodyLimit <= maxBody) return [];
  return [
    warning(
      `body_limit is ${bodyLimit} bytes, but the queue takes at most ${maxBody}: larger messages are answered with 413; ` +
        'raise max_payload of the NATS servers, or lower body_limit',
    ),
  ];
}

function ofConnections({ connections, maxConnections }: Surroundings): Contradiction[] {
  if (maxConnections === undefined) return [];
  if (connections > maxConnections)
    return [
      refusal(
        `this role uses up to ${connections} connections, and Postgres has ${maxConnections}: ` +
          'lower concurrency, or raise max_connections',
      ),
    ];
  if (connections * 2 > maxConnections)
    return [
      warning(
        `this role uses up to ${connections} of the ${maxConnections} connections of Postgres: a second process would not find enough`,
      ),
    ];
  return [];
}

function warning(message: string): Contradiction {
  return { severity: 'warning', message };
}

function refusal(message: string): Contradiction {
  return { severity: 'refusal', message };
}
