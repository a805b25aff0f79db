/** The processes that run a role now. */
export interface Processes {
  /** False where nomnom's own tables are older than the list of processes: then nobody can be in it. */
  recorded(): Promise<boolean>;
  /** The process is alive, and counts as alive for `lease` more milliseconds. `waits`: what it waits for. */
  beat(process: RoleProcess, lease: number, waits?: string): Promise<void>;
  /** The process ends. */
  forget(id: string): Promise<void>;
  live(pipeline: string): Promise<readonly LiveProcesses[]>;
}

/** Every program that was active, in the order of activation; the last one is to run. */
export interface ProgramRegistry {
  /**
   * Makes the program the newest of its pipeline, also where it was active before: a rollback. Of two who activate at
   * once the second is the newer. Call it in a transaction.
   */
  activate(program: Program): Promise<void>;
  /** Activates the program where nobody has heard of it yet. Call it in a transaction. */
  register(program: Program): Promise<void>;
  /** The programs of the pipeline that were activated after the one of this number, in no order; all of them for 0. */
  read(pipeline: string, after: number): Promise<readonly KnownProgram[]>;
}

/** A process that runs a role, as it tells of itself from time to time. */
export interface RoleProcess {
  /** A UUID. */
  readonly id: string;
  readonly pipeline: string;
  readonly role: string;
  /** The fingerprint of its program. */
  readonly program: string;
  /** Whether it works messages, and does not only accept them. */
  readonly consumes: boolean;
}

/** Processes of a pipeline that are alive, counted by role and program. */
export interface LiveProcesses {
  readonly role: string;
  readonly program: string;
  readonly consumes: boolean;
  readonly count: number;
  /** Milliseconds for which the one that has been silent longest still counts as alive. */
  readonly left: number;
  /** What they wait for, each reason once. */
  readonly waits: readonly string[];
}

/** What other programs have to know of a program. */
export interface Program {
  readonly pipeline: string;
  readonly fingerprint: string;
  /** By entity name, the fingerprint of its rules. */
  readonly entities: Readonly<Record<string, string>>;
  /** By its place in SQL, what the program writes into each table. */
  readonly tables: Readonly<Record<string, TableShape>>;
}

/** A program that was activated: applied, or started before anybody applied it. */
export interface KnownProgram extends Omit<Program, 'pipeline'> {
  /** Ascends in the order of activation; the highest is the program that is to run. */
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly activatedAt: number;
}

/** What a program writes into a table, so far as another program's changes of the table may refuse it. */
export interface TableShape {
  readonly columns: Readonly<Record<string, ColumnShape>>;
  /** Unique keys that the program itself asks for, `a,b`. */
  readonly unique: readonly string[];
  /** Columns for which the program itself asks for a foreign key, `a,b`. */
  readonly refs: readonly string[];
}

export interface ColumnShape {
  /** Whether the program may write null. */
  readonly nullable: boolean;
  /** The strings that it may write, of an enum. */
  readonly allowed?: readonly string[];
}
