import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectGolden } from '../support/golden.ts';
import { planOf } from '../support/plan.ts';

function wiringOf(file: string) {
  const text = readFileSync(new URL(`../examples/${file}`, import.meta.url), 'utf8');
  const { pipeline, streams, roles } = planOf(text, file);
  return { pipeline, streams, roles };
}

test('six lines have a stream, two roles and every setting by default', () => {
  const wiring = wiringOf('tiny.nom');
  expect(wiring.roles.map((role) => role.name)).toEqual(['ingest', 'worker']);
  expectGolden('plan/tiny-wiring.json', `${JSON.stringify(wiring, null, 2)}\n`);
});

test('declared streams, subjects, roles and settings are taken as they are written', () => {
  const wiring = wiringOf('tpch.nom');
  expect(wiring.streams[0]).toMatchObject({ name: 'TPCH', maxAge: 604_800_000, dedupe: 120_000 });
  expectGolden('plan/tpch-wiring.json', `${JSON.stringify(wiring, null, 2)}\n`);
});

test('`only` gives a consumer for each entity, so that one filter is enough', () => {
  const plan = planOf(`
    pipeline shop
    entity A { id: int  store a { key (id)  upsert on (id) } }
    entity B { id: int  store b { key (id)  upsert on (id) } }
    entity C { id: int  store c { key (id)  upsert on (id) } }
    role ingest { publish SHOP.ingest }
    role first  { consume SHOP.ingest only A, B }
    role second { consume SHOP.ingest only C }`);
  const consumers = plan.roles.flatMap((role) => role.consumes);
  expect(consumers.map(({ durable, filter }) => `${durable} ${filter}`)).toEqual([
    'shop_first_ingest_A shop.ingest.A',
    'shop_first_ingest_B shop.ingest.B',
    'shop_second_ingest_C shop.ingest.C',
  ]);
  expect(plan.streams[0]?.retention).toBe('workqueue');
});

test('a message that two roles take stays until both have it', () => {
  const plan = planOf(`
    pipeline shop
    entity A { id: int  store a { key (id)  upsert on (id) } }
    role ingest { publish SHOP.ingest }
    role first  { consume SHOP.ingest }
    role second { consume SHOP.ingest only A }`);
  expect(plan.streams[0]?.retention).toBe('interest');
});
