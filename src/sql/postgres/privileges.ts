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

/** Without these a worker cannot tell what became of a message, so it works none. */
const SETTLES: Grants = { message_status: ['SELECT', 'INSERT', 'UPDATE'] };

/** And without these none reaches it. */
const FETCHES: Grants = { nomnom_queue: ['SELECT'], nomnom_queue_lease: ALL };

/** What an ingest role needs besides where it keeps refused messages as dead letters. A worker has it anyway. */
const KEEPS_REFUSED: Grants = { dead_letters: ['SELECT', 'INSERT'] };

/** What a role of this kind needs of our own tables: of the ledger, of the queue in Postgres, or to keep what it refuses. */
export function grantsOf(kind: RoleKind, part: GrantPart): Grants {
  if (part === 'refused') return kind === 'ingest' ? KEEPS_REFUSED : {};
  if (part === 'ledger') return LEDGER[kind];
  return kind === 'worker' ? CONSUMES : QUEUE;
}

/** What of it a worker needs for every message, whatever the message is. */
export function grantsToWork(queueHere: boolean): Grants {
  return queueHere ? { ...SETTLES, ...FETCHES } : SETTLES;
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
