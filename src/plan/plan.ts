import type { ColumnType, TypeParameters } from '../types/column-type.ts';
import type { Rejection, Value } from '../types/value.ts';

/**
 * The compiled pipeline: plain data and compiled functions, everything that a role needs and nothing of the
 * language. Made only from a program that passed every check. Readonly; shared by all roles of a process.
 */
export interface Plan {
  readonly pipeline: string;
  /**
   * The fingerprint of the whole program: of its entities and of the way that messages take. Ports, batch sizes and
   * whatever else only costs more or less are no part of it.
   */
  readonly program: string;
  /** The `.nom` file as the user named it, for messages that say which command fixes something. */
  readonly file: string;
  readonly limits: MessageLimits;
  readonly entities: readonly EntityPlan[];
  /** Parents before children, by `ref`: the order in which rows are written. */
  readonly tables: readonly TablePlan[];
  readonly streams: readonly StreamPlan[];
  readonly roles: readonly RolePlan[];
}

/** What the text of a message may be. */
export interface TextLimits {
  /** Arrays and objects in each other, at most as many as the JSON reader takes. */
  readonly maxDepth: number;
  /** Elements of any one list. */
  readonly maxListLength: number;
}

/** What a message may be; `evaluateMessage` refuses any other. */
export interface MessageLimits extends TextLimits {
  /** Bytes of the body: the largest `body_limit` of the roles that take messages in. */
  readonly maxBytes: number;
  /** Rows and deletions in all tables together: the smallest `max_rows_per_message` of the roles. */
  readonly maxRows: number;
}

/** One row, a value for each column of its table, in the table's column order. */
export type Row = readonly Value[];

export interface EntityPlan {
  readonly name: string;
  /** Of everything that decides how a message of this entity is accepted, evaluated and written: 16 characters. */
  readonly fingerprint: string;
  readonly doc?: string;
  /** `json`: the body is one JSON object. `raw`: a field takes the body as text (`@body`), which is not parsed. */
  readonly body: 'json' | 'raw';
  /** Lower-case names of the request headers that its fields read; ingest keeps these with the message. */
  readonly headers: readonly string[];
  /** For `signed by`: what a request must prove before it is accepted. */
  readonly signature?: SignaturePlan;
  /** For `on_refused`; otherwise the role decides. */
  readonly onRefused?: RoleSettings['onRefused'];
  /** The table of the entity's own rows, if it is stored: an index into `plan.tables`. */
  readonly rootTable?: number;
  /** The tables that a message of this entity may write, indexes into `plan.tables`, ascending. */
  readonly tables: readonly number[];
  /** For `ordered by`: the names of the fields whose messages are worked one after the other where these are equal. */
  readonly orderedBy?: readonly string[];
  /** Decodes, checks and derives the text of one message, for `evaluateMessage`, which knows the other limits. Pure. */
  readonly evaluate: (input: MessageInput) => Evaluation;
}

/** How the sender of an entity signs its requests. The secret's value is nowhere in a plan. */
export interface SignaturePlan {
  /** One of `src/signatures/registry.ts`. */
  readonly scheme: string;
  /** The name of the secret. */
  readonly secret: string;
  /** The other arguments of the scheme, by parameter. */
  readonly options: Readonly<Record<string, string>>;
}

export interface MessageInput {
  /** The body as text, a byte order mark too. */
  readonly body: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly messageId: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

export type Evaluation =
  | {
      readonly kind: 'rows';
      readonly writes: readonly TableWrites[];
      readonly unknownFields: number;
      /** Some of the keys that no field reads, `Line.colour`; absent where every key is read. */
      readonly unknownNames?: readonly string[];
      /** For `ordered by`: the same text for the same values, whatever way the message spells them. */
      readonly orderKey?: string;
      /** Characters of all texts that functions made of the message; absent where they are few. */
      readonly madeText?: number;
    }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/** What one message writes to one table. */
export interface TableWrites {
  /** Index into `plan.tables`. */
  readonly table: number;
  readonly rows: readonly Row[];
  /** For a table with `delete when`: the rows whose keys are deleted instead of written, in the order of the message. */
  readonly deletes?: readonly Row[];
  /** For a table with `prune by`: the parents that this message lists completely, even with no rows. */
  readonly parents: readonly PruneParent[];
}

export interface PruneParent {
  /** Values of the prune columns, in the order of `PrunePlan.columns`. */
  readonly key: readonly Value[];
  /** The incoming version, where the upsert is `newest by`. */
  readonly version?: Value;
}

export interface TablePlan {
  /** Unquoted. */
  readonly schema?: string;
  readonly name: string;
  /** Tells the tables of all programs apart, `"schema"."name"`; the ledger keeps it with each program. */
  readonly id: string;
  readonly doc?: string;
  /** The user's own table: nothing is created or altered, everything is proven against the catalog. */
  readonly existing: boolean;
  /** The entities and derived entities that write it. */
  readonly writers: readonly string[];
  readonly columns: readonly ColumnPlan[];
  readonly constraints: readonly ConstraintPlan[];
  readonly indexes: readonly IndexPlan[];
  readonly refs: readonly RefPlan[];
  readonly upsert: UpsertPlan;
  /** What is left of different rows of one message with one key; without it they refuse the message. */
  readonly duplicates?: Duplicates;
  readonly prune?: PrunePlan;
  /** For `delete when`. */
  readonly delete?: DeletePlan;
}

/** `add` only where the upsert adds, `newest` only where it takes the newest. */
export type Duplicates = 'first' | 'last' | 'add' | 'newest';

export interface ColumnPlan {
  readonly name: string;
  readonly nullable: boolean;
  readonly doc?: string;
  /** Kept out of logs, metrics and pages. */
  readonly pii: boolean;
  /** The allowed strings of an enum column. */
  readonly allowed?: readonly string[];
  readonly holds: ColumnValue;
  /** One value as `eval` prints it. */
  readonly toJson: (value: Value) => unknown;
  /** Order of two non-null values, for sorting and `newest by`. */
  readonly compare: (left: Value, right: Value) => number;
}

/** What a column holds, in the types of the language. An enum is a text, with its strings in `allowed`. */
export type ColumnValue =
  | { readonly kind: 'scalar'; readonly column: ColumnType; readonly parameters: TypeParameters }
  | { readonly kind: 'list'; readonly element: ColumnValue };

export interface ConstraintPlan {
  readonly kind: 'key' | 'unique';
  readonly name: string;
  readonly columns: readonly string[];
  readonly nullsEqual: boolean;
}

export interface IndexPlan {
  readonly name: string;
  readonly columns: readonly string[];
}

export interface RefPlan {
  readonly name: string;
  readonly columns: readonly string[];
  /** Index into `plan.tables`. */
  readonly target: number;
  readonly targetColumns: readonly string[];
  /** Documented only, no constraint in the database. */
  readonly soft: boolean;
}

export interface UpsertPlan {
  /** Column indexes of the conflict key, in the table's column order of the arbiter. */
  readonly key: readonly number[];
  readonly action: UpsertAction;
  /** Whether an entity's own row here decides that its message is superseded: `newest by`, written by an entity itself. */
  readonly decides: boolean;
}

export type UpsertAction =
  | { readonly kind: 'replace' }
  | { readonly kind: 'keep' }
  /** Overwrites with values that are not null only. */
  | { readonly kind: 'merge' }
  /** These columns accumulate, the others are replaced; rows of one key in a batch are summed up before. */
  | { readonly kind: 'add'; readonly columns: readonly number[] }
  | { readonly kind: 'newest'; readonly by: number };

/** `prune by`: a message lists all rows of its parents, and those that it does not list are deleted. */
export interface PrunePlan {
  /** Column indexes of the parent key. */
  readonly columns: readonly number[];
}

/** `delete when`: rows of some messages are deleted, with `newest by` only where they are older than the message. */
export interface DeletePlan {
  /** For `newest by`. */
  readonly tombstones?: TombstonePlan;
}

/**
 * Where the deleted keys are kept, so that an older message that comes later does not bring them back. A key has a row or
 * a tombstone, never both: whoever writes either holds the tombstone's key until its transaction ends.
 */
export interface TombstonePlan {
  /**
   * nomnom's own table: the key of each deleted row, the version of its deletion, and the moment. Its columns are those of
   * the upsert key first, then the version, unless it is in the key.
   */
  readonly table: TablePlan;
  /** Index of its column that says when a key was deleted. */
  readonly deletedAt: number;
}

export interface StreamPlan {
  readonly name: string;
  readonly subjects: readonly SubjectPlan[];
  readonly retention: 'workqueue' | 'limits' | 'interest';
  readonly storage: 'file' | 'memory';
  readonly replicas: number;
  /** Milliseconds; 0 is unlimited. */
  readonly maxAge: number;
  /** -1 is unlimited. A full stream refuses new messages, it never drops old ones. */
  readonly maxBytes: number;
  /** Milliseconds in which JetStream drops a second message with the same `Nats-Msg-Id`. */
  readonly dedupe: number;
  /** Over so many subjects the messages of an entity with `ordered by` are spread, by their order key. */
  readonly partitions: number;
}

export interface SubjectPlan {
  /** Its name in the `.nom` file. */
  readonly name: string;
  /** With `{entity}` still in it. */
  readonly template: string;
  /** As the stream captures it: `{entity}` is `*`. */
  readonly pattern: string;
}

/** A subject of a stream that a role publishes to. */
export interface PublishPlan {
  readonly stream: string;
  readonly template: string;
}

export interface ConsumePlan {
  readonly stream: string;
  /** Name of the durable consumer. */
  readonly durable: string;
  /** One filter: servers before 2.10 know only one for each consumer. */
  readonly filter: string;
  /** The subject's template, from which the entity's name is read. */
  readonly template: string;
  /** The entities that can arrive here. */
  readonly entities: readonly string[];
  /** For `ordered by`: the consumer has one partition of the messages, and one worker at a time has the consumer. */
  readonly partition?: PartitionPlan;
  /** Milliseconds until a message that nobody acknowledged is delivered again. */
  readonly ackWait: number;
  readonly maxAckPending: number;
}

/** One of the partitions that the workers of a role share out among themselves. */
export interface PartitionPlan {
  /** The same for the partitions that are shared out together: the name of their consumers without the index. */
  readonly group: string;
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

export interface RolePlan {
  readonly name: string;
  readonly publishes: readonly PublishPlan[];
  readonly consumes: readonly ConsumePlan[];
  readonly deadLetter?: PublishPlan;
  readonly settings: RoleSettings;
}

export interface RoleSettings {
  /** Left out for a role that accepts nothing and names no port. */
  readonly port?: number;
  /** How often a message may fail by its own fault before it becomes a dead letter. */
  readonly attempts: number;
  /** Milliseconds between attempts: the first delay and the cap of its doubling. */
  readonly backoff: { readonly from: number; readonly to: number };
  /** Messages for each transaction. */
  readonly batch: number;
  /** Batches in flight at once. */
  readonly concurrency: number;
  /** Milliseconds to wait for a batch to fill once it has a message. */
  readonly linger: number;
  /** Bytes of one message; of a whole batch request it is `batchLimit`. */
  readonly bodyLimit: number;
  readonly batchLimit: number;
  /** Messages published and not yet acknowledged by the queue, over which ingest answers 503. */
  readonly publishWindow: number;
  /** Rows in all tables together; the smallest of all roles counts, see `MessageLimits`. */
  readonly maxRowsPerMessage: number;
  /** What becomes of a message that failed for good. */
  readonly onPoison: 'dead_letter' | 'halt';
  /** What becomes of a message that ingest refuses. */
  readonly onRefused: 'answer' | 'dead_letter';
  /** Milliseconds for which the statuses of settled messages are kept. */
  readonly keepStatuses: number;
  /** Milliseconds. */
  readonly keepDeadLetters: number;
}

/** The subject of one entity. */
export function subjectOf(template: string, entity: string): string {
  return template.replace('{entity}', entity);
}

/** The subject of one partition of an entity with `ordered by`. */
export function partitionSubject(template: string, entity: string, partition: number): string {
  return `${subjectOf(template, entity)}.${partition}`;
}
