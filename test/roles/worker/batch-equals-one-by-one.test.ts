import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sessionOver } from '../../../src/adapters/postgres/session.ts';
import { openStore, type PostgresStore } from '../../../src/adapters/postgres/store.ts';
import type { Plan, TableWrites, UpsertAction } from '../../../src/plan/plan.ts';
import type { Session } from '../../../src/ports/store.ts';
import type { SqlSession } from '../../../src/sql/postgres/session.ts';
import type { Value } from '../../../src/types/value.ts';
import { apply } from './apply-all.ts';
import { evaluator } from '../../../src/roles/worker/receive/evaluate.ts';
import type { Message } from '../../../src/roles/worker/message.ts';
import { writePlan } from '../../../src/roles/worker/write-plan.ts';
import { freshDatabase } from '../../support/database.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { runs } from '../../support/property-runs.ts';
import { createTable, handDelivery, handPlan, type TableSketch } from './hand-plan.ts';

const databases = [await freshDatabase(), await freshDatabase()];
let batched: PostgresStore;
let oneByOne: PostgresStore;

beforeAll(async () => {
  const stores = databases.map(({ url }) => openStore({ url, max: 2, log: memoryLog() }));
  for (const store of stores) await store.transaction(({ ledger }) => ledger.migrate());
  [batched, oneByOne] = stores.map(withoutNames) as [PostgresStore, PostgresStore];
});

afterAll(async () => {
  await batched.close();
  await oneByOne.close();
});

/** The tables change from case to case, so nothing may stay prepared. */
function withoutNames({ sql, connections, awaited, close }: PostgresStore): PostgresStore {
  const unnamed = (session: SqlSession): Session =>
    sessionOver({ query: ({ text, values = [] }) => session.query({ text, values }) });
  return {
    ...unnamed(sql),
    sql,
    connections,
    awaited,
    transaction: (work) => sql.transaction((session) => work(unnamed(session))),
    transactionGivingWay: (work) => sql.transactionGivingWay((session) => work(unnamed(session))),
    close,
  };
}

const ACTIONS: readonly UpsertAction['kind'][] = ['replace', 'keep', 'merge', 'newest', 'add'];

/** A parent that the root refers to, a root, and children of it; each with any upsert, the children pruned or not. */
interface Shape {
  readonly root: UpsertAction['kind'];
  readonly child: UpsertAction['kind'];
  readonly pruned: boolean;
  /** Whether the root's foreign key makes its parent come first. */
  readonly referring: boolean;
  /** Whether the key of a child names its parent. */
  readonly owned: boolean;
  /** Whether messages with different roots list the same parent of children. */
  readonly shared: boolean;
  /** Whether a second entity writes the root's table as a derived one. */
  readonly intruder: boolean;
}

const anyShape: fc.Arbitrary<Shape> = fc.record({
  root: fc.constantFrom('newest', ...ACTIONS),
  child: fc.constantFrom(...ACTIONS),
  pruned: fc.boolean(),
  referring: fc.boolean(),
  owned: fc.boolean(),
  shared: fc.boolean(),
  intruder: fc.boolean(),
});

/** Versioned messages with lists of their own: where most of the rules for a batch meet. */
const versioned: fc.Arbitrary<Shape> = fc.record({
  root: fc.constant('newest'),
  child: fc.constantFrom('newest', 'replace'),
  pruned: fc.constant(true),
  referring: fc.boolean(),
  owned: fc.constant(true),
  shared: fc.boolean(),
  intruder: fc.constant(false),
});

const shapes = fc.oneof(anyShape, versioned);

function sketchesOf(shape: Shape): readonly TableSketch[] {
  return [
    { name: 'places', columns: { place: 'int', note: 'int?' }, key: ['place'], action: 'keep' },
    {
      name: 'roots',
      columns: { id: 'int', version: 'int', place: 'int', note: noteType(shape.root) },
      key: ['id'],
      action: shape.root,
      by: shape.root === 'add' ? ['note'] : 'version',
      ...(shape.referring ? { ref: [['place'], 'places', ['place']] as const } : {}),
    },
    {
      name: 'children',
      columns: { id: 'int', line: 'int?', version: 'int', note: noteType(shape.child) },
      key: shape.owned ? ['id', 'line'] : ['line'],
      nullsEqual: true,
      action: shape.child,
      by: shape.child === 'add' ? ['note'] : 'version',
      ...(shape.pruned ? { prune: ['id'] } : {}),
    },
  ];
}

/** What accumulates is never null: NOM211. */
function noteType(action: UpsertAction['kind']): string {
  return action === 'add' ? 'int' : 'int?';
}

function noteOf(action: UpsertAction['kind'], note: number | null): number | null {
  return action === 'add' ? (note ?? 0) : note;
}

function planOf(shape: Shape): Plan {
  const tables = ['places', 'roots', 'children'];
  return handPlan(sketchesOf(shape), {
    Root: { root: 'roots', tables },
    ...(shape.intruder ? { Intruder: { tables } } : {}),
  });
}

const small = fc.integer({ min: 1, max: 3 });
const note = fc.option(fc.integer({ min: 0, max: 9 }), { nil: null });

interface Draft {
  readonly entity: 'Root' | 'Intruder';
  readonly id: number;
  readonly version: number;
  readonly place: number;
  readonly notes: readonly [number | null, number | null];
  readonly children: readonly {
    line: number | null;
    strayVersion: number;
    note: number | null;
    stray: boolean;
  }[];
  readonly secondRoot: boolean;
}

const drafts: fc.Arbitrary<Draft> = fc.record({
  entity: fc.constantFrom('Root', 'Root', 'Root', 'Intruder'),
  id: small,
  version: fc.integer({ min: 1, max: 4 }),
  place: small,
  notes: fc.tuple(note, note),
  children: fc.array(
    fc.record({
      line: fc.option(small, { nil: null }),
      strayVersion: fc.constantFrom(0, 0, 0, 0, -1, 1),
      note,
      stray: fc.constantFrom(false, false, false, false, true),
    }),
    { maxLength: 3 },
  ),
  secondRoot: fc.constantFrom(false, false, false, false, true),
});

function writesOf(shape: Shape, draft: Draft): readonly TableWrites[] {
  const { id, version, place, notes, children } = draft;
  const parent = shape.shared ? place : id;
  const roots: Value[][] = [[id, version, place, noteOf(shape.root, notes[0])]];
  if (draft.secondRoot) roots.push([(id % 3) + 1, version, place, noteOf(shape.root, notes[1])]);
  return [
    { table: 0, rows: [[place, notes[1]]], parents: [] },
    { table: 1, rows: roots, parents: [] },
    {
      table: 2,
      rows: children.map((child) => [
        child.stray ? (parent % 3) + 1 : parent,
        child.line,
        version + child.strayVersion,
        noteOf(shape.child, child.note),
      ]),
      parents: shape.pruned ? [{ key: [parent], ...(shape.child === 'newest' ? { version } : {}) }] : [],
    },
  ];
}

test('a batch leaves the same rows as its messages applied one by one', async () => {
  await fc.assert(
    fc.asyncProperty(
      shapes,
      fc.array(drafts, { minLength: 2, maxLength: 12 }),
      fc.integer({ min: 2, max: 12 }),
      async (shape, made, size) => {
        const plan = planOf(shape);
        const messages = made
          .filter((draft) => shape.intruder || draft.entity === 'Root')
          .map((draft, at) => handDelivery(at, draft.entity, writesOf(shape, draft)))
          .map(evaluator(plan))
          .filter((message): message is Message => message.kind === 'message');
        const inBatches = await outcome(batched, shape, plan, messages, size);
        const inTurn = await outcome(oneByOne, shape, plan, messages, 1);
        expect(inBatches).toEqual(inTurn);
      },
    ),
    { numRuns: runs(250) },
  );
}, 120_000);

async function outcome(
  store: PostgresStore,
  shape: Shape,
  plan: Plan,
  messages: readonly Message[],
  size: number,
): Promise<unknown> {
  await store.sql.query({ text: 'DROP TABLE IF EXISTS children, roots, places' });
  await store.sql.query({ text: 'DELETE FROM message_status' });
  for (const sketch of sketchesOf(shape)) await store.sql.query({ text: createTable(sketch) });
  const write = writePlan(plan);
  for (let at = 0; at < messages.length; at += size) {
    await apply(store, write, messages.slice(at, at + size));
  }
  const tables: unknown[] = [];
  for (const { name, key } of sketchesOf(shape)) {
    const order = [...key, 'note'].join(', ');
    tables.push((await store.sql.query({ text: `SELECT * FROM ${name} ORDER BY ${order}` })).rows);
  }
  const { rows } = await store.sql.query({ text: 'SELECT count(*) FROM message_status' });
  return { tables, settled: rows };
}
