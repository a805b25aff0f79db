import type {
  ColumnPlan,
  EntityPlan,
  Plan,
  TablePlan,
  TableWrites,
  UpsertAction,
} from '../../../src/plan/plan.ts';
import { quoteIdentifier } from '../../../src/sql/postgres/identifier.ts';
import type { Delivery } from '../../../src/ports/queue.ts';
import { baseName } from '../../../src/sql/postgres/type-names.ts';
import { columnTypes } from '../../../src/types/registry.ts';

/*
 * Plans made by hand, for tests of combinations that no single pipeline has. Their entities take messages that already
 * say what they write: { "writes": [{ "table": 0, "rows": [[1, 2]], "parents": [{ "key": [1] }] }] }.
 */

export interface TableSketch {
  readonly name: string;
  /** `name: type`, the type with `?` behind it where it may be null; the types of the language without parameters. */
  readonly columns: Readonly<Record<string, string>>;
  readonly key: readonly string[];
  readonly action?: UpsertAction['kind'];
  /** The column of `newest by`, the columns of `add`. */
  readonly by?: string | readonly string[];
  readonly prune?: readonly string[];
  readonly nullsEqual?: boolean;
  /** A hard reference: columns, table, its columns. */
  readonly ref?: readonly [readonly string[], string, readonly string[]];
}

export function handPlan(
  sketches: readonly TableSketch[],
  entities: Readonly<Record<string, { root?: string; tables: readonly string[] }>>,
): Plan {
  const at = (name: string) => sketches.findIndex((sketch) => sketch.name === name);
  const roots = Object.values(entities).flatMap(({ root }) => root ?? []);
  const tables = sketches.map((sketch) => table(sketch, at, roots));
  return {
    pipeline: 'hand',
    file: 'hand.nom',
    program: 'program-of-hand-',
    limits: { maxDepth: 64, maxListLength: 100_000, maxBytes: 1024 * 1024, maxRows: 10_000 },
    tables,
    streams: [],
    roles: [],
    entities: Object.entries(entities).map(([name, entity]): EntityPlan => {
      return {
        name,
        fingerprint: name.padEnd(16, '-'),
        body: 'json',
        headers: [],
        ...(entity.root === undefined ? {} : { rootTable: at(entity.root) }),
        tables: entity.tables.map(at).toSorted((left, right) => left - right),
        evaluate: ({ body }) => ({
          kind: 'rows',
          writes: (JSON.parse(body) as { writes: TableWrites[] }).writes,
          unknownFields: 0,
        }),
      };
    }),
  };
}

/** A delivery of a message to such a plan; the id is a UUID made of the number. */
export function handDelivery(number: number, entity: string, writes: readonly TableWrites[]): Delivery {
  return {
    messageId: `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`,
    entity,
    generation: 0,
    program: undefined,
    body: Buffer.from(
      JSON.stringify({ writes }, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ),
    headers: {},
    receivedAt: 1_700_000_000_000 + number,
    deliveries: 1,
  };
}

/** `CREATE TABLE` with the key as a unique constraint. */
export function createTable({ name, columns, key, nullsEqual, ref }: TableSketch): string {
  const lines = Object.entries(columns).map(([column, type]) => {
    const nullable = type.endsWith('?');
    return `${column} ${baseName({ name: type.replace('?', '') })}${nullable ? '' : ' NOT NULL'}`;
  });
  lines.push(`UNIQUE ${nullsEqual === true ? 'NULLS NOT DISTINCT ' : ''}(${key.join(', ')})`);
  if (ref !== undefined) {
    lines.push(`FOREIGN KEY (${ref[0].join(', ')}) REFERENCES ${ref[1]} (${ref[2].join(', ')})`);
  }
  return `CREATE TABLE ${name} (${lines.join(', ')})`;
}

function table(sketch: TableSketch, at: (name: string) => number, roots: readonly string[]): TablePlan {
  const names = Object.keys(sketch.columns);
  const columns = Object.entries(sketch.columns).map(([name, type]) => column(name, type));
  const index = (name: string) => names.indexOf(name);
  const action = actionOf(sketch, index);
  return {
    name: sketch.name,
    id: quoteIdentifier(sketch.name),
    existing: false,
    writers: [],
    columns,
    constraints: [
      { kind: 'unique', name: 'key', columns: sketch.key, nullsEqual: sketch.nullsEqual ?? false },
    ],
    indexes: [],
    refs:
      sketch.ref === undefined
        ? []
        : [
            {
              name: 'ref',
              columns: sketch.ref[0],
              target: at(sketch.ref[1]),
              targetColumns: sketch.ref[2],
              soft: false,
            },
          ],
    upsert: {
      key: sketch.key.map(index),
      action,
      decides: action.kind === 'newest' && roots.includes(sketch.name),
    },
    ...(sketch.prune === undefined ? {} : { prune: { columns: sketch.prune.map(index) } }),
  };
}

function actionOf(sketch: TableSketch, index: (name: string) => number): UpsertAction {
  const kind = sketch.action ?? 'replace';
  const by = sketch.by === undefined ? [] : [sketch.by].flat();
  switch (kind) {
    case 'newest':
      return { kind, by: index(by[0] ?? '') };
    case 'add':
      return { kind, columns: by.map(index) };
    case 'replace':
    case 'keep':
    case 'merge':
      return { kind };
  }
}

function column(name: string, written: string): ColumnPlan {
  const type = columnTypes.get(written.replace('?', ''));
  if (type === undefined) throw new Error(`no type ${written}`);
  const { toJson, compare } = type;
  return {
    name,
    nullable: written.endsWith('?'),
    pii: false,
    holds: { kind: 'scalar', column: type, parameters: [] },
    toJson,
    compare: compare ?? (() => 0),
  };
}
