import { keepsRefused } from '../plan/keeps-refused.ts';
import type { Plan } from '../plan/plan.ts';
import { shownDialect } from '../sql/registry.ts';
import { type NatsUser, natsPermissionsText, permissionsOf } from '../tools/permissions/nats.ts';

const ROLES = ['ingest', 'worker'] as const;
const USERS: readonly NatsUser[] = ['apply', ...ROLES];

/** The rights of the users that run `apply` and the roles: SQL for Postgres, then a block for nats-server. */
export function permissionsText(plan: Plan): string {
  const { grantTexts, tableName } = shownDialect;
  const user = (kind: NatsUser): string => `${plan.pipeline}_${kind}`;
  const grants = ROLES.flatMap((kind) => [
    '',
    `-- ${kind}: nomnom's own tables`,
    ...grantTexts(kind, 'ledger', user(kind)),
    ...(kind === 'ingest' && keepsRefused(plan)
      ? [`-- ${kind}: to keep refused messages (on_refused)`, ...grantTexts(kind, 'refused', user(kind))]
      : []),
    `-- ${kind}: only where Postgres holds the queue`,
    ...grantTexts(kind, 'queue', user(kind)),
  ]);
  const tables = plan.tables.flatMap((table) =>
    table.delete?.tombstones === undefined ? [table] : [table, table.delete.tombstones.table],
  );
  const worker = `-- worker: the tables of the program\nGRANT SELECT, INSERT, UPDATE, DELETE ON ${tables.map(tableName).join(', ')} TO ${user('worker')};`;
  const nats = USERS.map(
    (kind) =>
      `    { user: ${user(kind)}, password: "…"\n${natsPermissionsText(permissionsOf(kind, plan), '      ')} }`,
  );
  return [
    '-- Postgres: run as the user that owns the tables, after `nomnom apply`',
    ...grants,
    ...(tables.length === 0 ? [] : [worker]),
    '',
    '# nats-server: only where JetStream holds the queue',
    'authorization {',
    '  users: [',
    ...nats,
    '  ]',
    '}',
    '',
  ].join('\n');
}
