import { keepsRefused } from '../../plan/keeps-refused.ts';
import type { Plan, RolePlan } from '../../plan/plan.ts';
import type { LockHolder } from '../../ports/lock-holder.ts';
import type { Store } from '../../ports/store.ts';
import { locksText } from '../readiness/standstill.ts';
import { contradictions } from '../setup/contradictions.ts';
import { type Diagnosis, doing, fail, lacks, ok, type RoleKind, warn } from './diagnosis.ts';
import { diagnoseServer } from './server.ts';

const AREA = 'Postgres';

export interface StoreQuestions {
  readonly store: Store;
  readonly plan: Plan;
  /** The role whose user this has to be; undefined where nobody says. */
  readonly role: RolePlan | undefined;
  /** Whether messages wait in this database. */
  readonly queueHere: boolean;
  readonly now: () => number;
}

/** Everything about the database but whether its tables are those of the plan. Rejects with a `Failure` where it is away. */
export async function diagnoseStore({
  store,
  plan,
  role,
  queueHere,
  now,
}: StoreQuestions): Promise<readonly Diagnosis[]> {
  const facts = await store.catalog.facts(now);
  const found: Diagnosis[] = [
    ...diagnoseServer(
      AREA,
      facts,
      'Write sslmode=verify-full and sslrootcert into DATABASE_URL: see docs/tls.md.',
    ),
  ];
  if (facts.superuser)
    found.push(
      warn(
        AREA,
        `user ${facts.user} may do everything`,
        'Give each role a user of its own: see docs/privileges.md.',
      ),
    );
  if (!(await store.catalog.takesWrites()))
    found.push(
      fail(
        AREA,
        'the server takes no writes',
        'Connect to the primary: see target_session_attrs in docs/tls.md.',
      ),
    );
  for (const {
    severity,
    message,
    help = 'Change the setting of the server.',
  } of await store.catalog.checkSettings())
    found.push(severity === 'refusal' ? fail(AREA, message, help) : warn(AREA, message, help));
  for (const kind of kindsOf(plan, role)) {
    const own = await store.catalog.lackingPrivileges(kind, queueHere, keepsRefused(plan));
    const ofProgram = kind === 'worker' ? (await store.catalog.lackingOn(plan.tables)).flat() : [];
    const lacking = [...new Set([...own, ...ofProgram])];
    const tables = kind === 'worker' ? plan.tables : [];
    const { all, some } = await store.catalog.lockedTables(kind, tables, queueHere);
    found.push(
      ...[...all, ...some].map((holder) =>
        fail('locks', `a role that ${doing(kind)} ${locksText([holder])}`, endingOf(holder)),
      ),
    );
    found.push(
      lacking.length === 0
        ? ok(
            'privileges',
            `user ${facts.user} has the rights on nomnom's own tables that ${kind === 'ingest' ? 'an ingest' : 'a worker'} role needs`,
          )
        : lacks(
            kind,
            `user ${facts.user} cannot run a role that ${doing(kind)}: it lacks ${lacking.join(', ')}`,
            role !== undefined,
          ),
    );
  }
  return found;
}

function endingOf({ pid }: LockHolder): string {
  return pid === 0
    ? 'End it with COMMIT PREPARED or ROLLBACK PREPARED.'
    : `Let its transaction end, or end it: SELECT pg_terminate_backend(${pid}).`;
}

/** What roles the plan has, or what one of them does. */
export function kindsOf(plan: Plan, role: RolePlan | undefined): readonly RoleKind[] {
  const roles = role === undefined ? plan.roles : [role];
  return [
    ...(roles.some(({ publishes }) => publishes.length > 0) ? (['ingest'] as const) : []),
    ...(roles.some(({ consumes }) => consumes.length > 0) ? (['worker'] as const) : []),
  ];
}

/** Settings of each role that do not go together, among themselves or with the servers. */
export function diagnoseSettings(
  plan: Plan,
  around: { readonly maxBody: number | undefined; readonly maxConnections: number | undefined },
  connectionsOf: (role: RolePlan) => number,
): readonly Diagnosis[] {
  const found = plan.roles.flatMap((role) =>
    contradictions(role, { ...around, connections: connectionsOf(role) }).map(({ severity, message }) => {
      const told = `role ${role.name}: ${message}`;
      const help = `Change ${plan.file}, or the server.`;
      return severity === 'refusal' ? fail('settings', told, help) : warn('settings', told, help);
    }),
  );
  return found.length > 0 ? found : [ok('settings', 'the settings of all roles go together')];
}
