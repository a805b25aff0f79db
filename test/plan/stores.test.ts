import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { deleteText } from '../../src/sql/postgres/writer/delete.ts';
import { pruneText } from '../../src/sql/postgres/writer/prune.ts';
import { holdText, lateText, releaseText } from '../../src/sql/postgres/writer/tombstones.ts';
import { upsertStatement } from '../../src/sql/postgres/writer/upsert.ts';
import { expectGolden } from '../support/golden.ts';
import { planOf } from '../support/plan.ts';
import { evaluate, rowsOf } from './evaluating.ts';

const STORES = `
enum Kind { A  B }
shape Line { sku: text(8)  count: int }
entity Order {
  id: int  shop: text(8)?  total: decimal(9, 2)  note: text?  tags: text(3)[]  data: json  kind: Kind  version: bigint
  gone: bool  lines: Line[]
  store app.orders {
    key (id)
    unique (shop, id) nulls equal
    upsert on (shop, id) newest by version
    delete when gone
  }
}
entity Keep    { id: int  note: text?  store keep { key (id)  upsert on (id) keep } }
entity Replace { id: int  note: text?  store replaced { key (id)  upsert on (id)  delete when note == null } }
entity Merge   { id: int  note: text?  count: int  store merged { key (id)  upsert on (id) merge } }
entity Add {
  day: date  revenue: decimal(15, 2)  orders: int  shop: text?
  store added { key (day)  upsert on (day) add (revenue, orders) }
}
entity OnlyKey { id: int  store only_key { key (id)  upsert on (id) } }
derive OrderLine from Order as o, each o.lines as line {
  ...line
  shop = o.shop  id = o.id  version = o.version
  store order_lines {
    unique (shop, id, sku) nulls equal
    upsert on (shop, id, sku) newest by version
    prune by (shop, id)
  }
}`;

test('the statements of every kind of store', () => {
  const { tables } = planOf(STORES);
  const statements = tables.flatMap((table) => {
    const { name, upsert, prune, delete: deletion } = table;
    return [
      `-- ${name}: ${upsert.action.kind}\n${upsertStatement(table).text}`,
      ...(prune === undefined ? [] : [`-- ${name}: prune\n${pruneText(table, prune)}`]),
      ...(deletion === undefined ? [] : [`-- ${name}: delete\n${deleteText(table)}`]),
      ...(deletion?.tombstones === undefined
        ? []
        : [
            `-- ${name}: remember deletions\n${holdText(deletion.tombstones)}`,
            `-- ${name}: deletions that come too late\n${lateText(table)}`,
            `-- ${name}: forget deletions\n${releaseText(deletion.tombstones)}`,
          ]),
    ].map((text) => `${text};\n`);
  });
  expect(statements).toHaveLength(13);
  expectGolden('plan/statements.sql', statements.join('\n'));
});

describe('`delete when`', () => {
  const order = { id: 1, total: 1, tags: [], data: {}, kind: 'A', version: 7, gone: true };

  test('sets the row apart whose key is deleted, with its version', () => {
    const evaluation = evaluate(planOf(STORES), { body: { ...order, lines: [] } }, 'Order');
    if (evaluation.kind !== 'rows') throw new Error('rejected');
    expect(evaluation.writes).toEqual([
      { table: 0, rows: [], parents: [], deletes: [[1, null, '1.00', null, [], '{}', 'A', 7n, true]] },
      { table: 6, rows: [], parents: [{ key: [null, 1], version: 7n }] },
    ]);
  });

  test('is decided for each row', () => {
    const rows = (note: string | null) => evaluate(planOf(STORES), { body: { id: 3, note } }, 'Replace');
    expect(rows('x')).toMatchObject({ writes: [{ rows: [[3, 'x']], deletes: [] }] });
    expect(rows(null)).toMatchObject({ writes: [{ rows: [], deletes: [[3, null]] }] });
  });
});

describe('a shape with a store', () => {
  const source = `
    shape Person { id: int  role: text(10)  note: text?  store people { key (id)  upsert on (id) keep } }
    entity Team { id: int  lead: int?  members: Member[]  store teams { key (id)  upsert on (id) } }
    shape Member { id: int  name: text }
    derive Lead from Team as t where t.lead != null { ...Person  id = t.lead  role = "lead"  note = null }
    derive Player from Team as t, each t.members as m { extra: int = m.id  role = "player"  ...Person  id = m.id  note = m.name }`;

  test('is one table that several derivations write, each row in the order of its columns', () => {
    const plan = planOf(source);
    expect(plan.tables.map(({ name, writers }) => [name, writers])).toEqual([
      ['teams', ['Team']],
      ['people', ['Lead', 'Player']],
    ]);
    const body = { id: 1, lead: 5, members: [{ id: 6, name: 'Ann' }] };
    expect(rowsOf(source, { body })['people']).toEqual([
      { id: 5, role: 'lead', note: null },
      { id: 6, role: 'player', note: 'Ann' },
    ]);
  });

  test('can be referred to by its own name and by that of a writer', () => {
    const refs = `${source}
      entity Visit { id: int  person: int  store visits { key (id)  upsert on (id)  ref (person) -> Person (id) } }
      entity Call  { id: int  person: int  store calls { key (id)  upsert on (id)  ref (person) -> Lead (id) } }`;
    const { tables } = planOf(refs);
    const people = tables.findIndex((table) => table.name === 'people');
    expect(tables.flatMap((table) => table.refs.map((ref) => ref.target))).toEqual([people, people]);
  });
});

test('the HL7 example gives its rows', () => {
  const text = readFileSync(new URL('../examples/hl7.nom', import.meta.url), 'utf8');
  const body = [
    'MSH|^~\\&|ADT|SITE|||20260102||ADT^A01|1|P|2.5',
    'PID|1||4711^^^HOSP||Doe^Jane',
    'PV1|1|I|WEST^12^A',
    'DG1|1||I10^Hypertension^ICD10|||A',
    'DG1|2||E11^Diabetes^ICD10|||W',
    'DG1|3||^unknown|||F',
    'PR1|1||||||||7001^Miller||9001^Smith',
  ].join('\r');
  const rows = rowsOf(text, { body, headers: { 'x-filename': 'MERCY_20260102.hl7' } });
  expect(rows['facility']).toEqual([{ code: 'MERCY' }]);
  expect(rows['patient_diagnosis']).toEqual([
    { code: 'I10', system: 'ICD10', kind: 'admitting', facility_id: 'MERCY', mrn: '4711', unit: 'WEST' },
    { code: 'E11', system: 'ICD10', kind: 'working', facility_id: 'MERCY', mrn: '4711', unit: 'WEST' },
  ]);
  expect(rows['provider']?.map((row) => (row as { role: string; code: string }).role)).toEqual(['surgeon']);
});
