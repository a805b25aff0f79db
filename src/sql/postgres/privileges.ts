import type { GrantPart } from '../dialect.ts';
import type { TablePlan } from '../../plan/plan.ts';
import { qualifiedName } from './identifier.ts';
import type { RoleKind } from '../role-kind.ts';

type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';
type Grants = Readonly<Record<string, readonly Privilege[]>>;

const ALL: readonly Privilege[] = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

/** Who runs, and which program is active. */
const EVERYBODY: Grants = {
  nomnom_migrations: ['SELECT'],
  nomnom_programs: ['SELECT', 'INSERT', 'UPDATE'],
  nomnom_processes: ALL,
};

/** Whoever wants a row `FOR UPDATE` needs UPDATE, also to delete it. */
const LEDGER: Readonly<Record<RoleKind, Grants>> = {
  ingest: {
    ...EVERYBODY,
    nomnom_partitions: ['SELECT'],
    nomnom_keys: ['SELECT'],
    message_status: ['SELECT', 'INSERT', 'UPDATE'],
    idempotency_keys: ['SELECT', 'INSERT', 'UPDATE'],
    nomnom_lost: ALL,
  },
  worker: {
    ...EVERYBODY,
    message_status: ALL,
    dead_letters: ALL,
    idempotency_keys: ['SELECT', 'UPDATE', 'DELETE'],
    nomnom_partitions: ALL,
    nomnom_partition_workers: ALL,
  },
};

/** Of the queue in Postgres. Its functions may be called by everybody; they do what their caller may do. */
const QUEUE: Grants = {
  nomnom_queue_migration: ['SELECT'],
  nomnom_queue_stream: ['SELECT'],
  nomnom_queue_consumer: ['SELECT'],
  nomnom_queue_turn: ['SELECT'],
  nomnom_queue_dedupe_turn: ['SELECT'],
  nomnom_queue_id_seq: ['SELECT'],
  nomnom_queue_size: ['SELECT', 'UPDATE'],
  nomnom_queue_dedupe: ['SELECT', 'INSERT', 'UPDATE'],
  // What is too old is deleted by whoever comes first.
  nomnom_queue: ALL,
};

/** Whoever takes messages out of it. */
const CONSUMES: Grants = { ...QUEUE, nomnom_queue_lease: ALL };

/** What an ingest role needs besides where it keeps refused messages as dead letters. A worker has it anyway. */
const KEEPS_REFUSED: Grants = { dead_letters: ['SELECT', 'INSERT'] };

/** What a role of this kind needs of our own tables: of the ledger, of the queue in Postgres, or to keep what it refuses. */
export function grantsOf(kind: RoleKind, part: GrantPart): Grants {
  if (part === 'refused') return kind === 'ingest' ? KEEPS_REFUSED : {};
  if (part === 'ledger') return LEDGER[kind];
  return kind === 'worker' ? CONSUMES : QUEUE;
}

/** What a worker needs of a table of the program, and of its tombstones; by the quoted names of the tables. */
export function grantsOn(table: TablePlan): Grants {
  const { upsert, prune, delete: deletion } = table;
  const tombstones = deletion?.tombstones?.table;
  const updates = upsert.action.kind !== 'keep' || tombstones !== undefined;
  const deletes = prune !== undefined || deletion !== undefined;
  // `ON CONFLICT` reads the key.
  const needed = ALL.filter((each) => (each !== 'UPDATE' || updates) && (each !== 'DELETE' || deletes));
  return {
    [qualifiedName(table)]: needed,
    ...(tombstones === undefined ? {} : { [qualifiedName(tombstones)]: ALL }),
  };
}

/** The statements that give it to a user; `schema` has our own tables. */
export function grantStatements(grants: Grants, user: string, schema?: string): readonly string[] {
  const prefix = schema === undefined ? '' : `${schema}.`;
  const byPrivileges = Map.groupBy(Object.entries(grants), ([, privileges]) => privileges.join(', '));
  return [...byPrivileges].map(
    ([privileges, tables]) =>
      `GRANT ${privileges} ON ${tables.map(([table]) => prefix + table).join(', ')} TO ${user};`,
  );
}

/**
 * $1: names of tables, $2: a privilege for each. Gives those that the user lacks; a table that is missing is another matter.
 * A right may be granted for some columns only: whether these are enough, only a statement tells.
 */
export const READ_LACKING = `
SELECT wanted.name, wanted.privilege FROM unnest($1::text[], $2::text[]) AS wanted (name, privilege)
WHERE to_regclass(wanted.name) IS NOT NULL AND NOT CASE
  WHEN (SELECT relkind FROM pg_catalog.pg_class WHERE oid = to_regclass(wanted.name)) = 'S'
  THEN has_sequence_privilege(to_regclass(wanted.name), wanted.privilege)
  WHEN wanted.privilege <> 'DELETE' THEN has_any_column_privilege(to_regclass(wanted.name), wanted.privilege)
  ELSE has_table_privilege(to_regclass(wanted.name), wanted.privilege)
END`;
