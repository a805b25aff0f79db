import { expect, test } from 'vitest';
import { partitionSubject } from '../../src/plan/plan.ts';
import type { ConsumePlan, Plan } from '../../src/plan/plan.ts';
import { planOf } from '../support/plan.ts';

const entity = (name: string, more = ''): string =>
  `entity ${name} { id: int ${more} store ${name.toLowerCase()} { key (id)  upsert on (id) } }`;

const ordered = (name: string): string => entity(name, 'ordered by (id)');

function consumersOf(plan: Plan): readonly string[] {
  return plan.roles.flatMap((role) => role.consumes.map(text));
}

function text({ durable, filter, entities, partition }: ConsumePlan): string {
  const of = partition === undefined ? '' : ` ${partition.index}/${partition.count} of ${partition.group}`;
  return `${durable} ${filter} (${entities.join(' ')})${of}`;
}

test('without `ordered by` there are no partitions, whatever the stream says', () => {
  const plan = planOf(`
    pipeline shop
    stream SHOP { subject ingest = "shop.in.{entity}"  partitions: 4 }
    role ingest { publish SHOP.ingest }
    role worker { consume SHOP.ingest }
    ${entity('A')}`);
  expect(plan.streams[0]?.subjects.map(({ pattern }) => pattern)).toEqual(['shop.in.*']);
  expect(consumersOf(plan)).toEqual(['shop_worker_ingest shop.in.* (A)']);
  expect(plan.entities[0]?.orderedBy).toBeUndefined();
});

test('by default the messages of an ordered entity go to eight partitions', () => {
  const plan = planOf(`pipeline shop ${ordered('A')}`);
  expect(plan.streams[0]).toMatchObject({ partitions: 8 });
  expect(plan.roles.map((role) => role.consumes.length)).toEqual([0, 9]);
  expect(plan.entities[0]?.orderedBy).toEqual(['id']);
});

test('the stream captures the partitions, and each has a consumer beside the one for all that is not ordered', () => {
  const plan = planOf(`
    pipeline shop
    stream SHOP { subject ingest = "shop.in.{entity}"  subject dead = "shop.dead.{entity}"  partitions: 2 }
    role ingest { publish SHOP.ingest }
    role worker { consume SHOP.ingest  dead_letter SHOP.dead }
    ${ordered('A')} ${entity('B')} ${ordered('C')}`);
  expect(plan.streams[0]).toMatchObject({
    retention: 'workqueue',
    partitions: 2,
    subjects: [
      { name: 'ingest', template: 'shop.in.{entity}', pattern: 'shop.in.*' },
      { name: 'ingest by partition', template: 'shop.in.{entity}.{partition}', pattern: 'shop.in.*.*' },
      { name: 'dead', template: 'shop.dead.{entity}', pattern: 'shop.dead.*' },
    ],
  });
  expect(consumersOf(plan)).toEqual([
    'shop_worker_ingest shop.in.* (A B C)',
    'shop_worker_ingest_p0 shop.in.*.0 (A C) 0/2 of shop_worker_ingest',
    'shop_worker_ingest_p1 shop.in.*.1 (A C) 1/2 of shop_worker_ingest',
  ]);
});

test('`only` gives each ordered entity partitions of its own, and the others none', () => {
  const plan = planOf(`
    pipeline shop
    stream SHOP { subject ingest = "shop.in.{entity}"  partitions: 2 }
    role ingest { publish SHOP.ingest }
    role first  { consume SHOP.ingest only A, B }
    role second { consume SHOP.ingest only C }
    ${ordered('A')} ${entity('B')} ${ordered('C')}`);
  expect(plan.streams[0]?.retention).toBe('workqueue');
  expect(consumersOf(plan)).toEqual([
    'shop_first_ingest_A shop.in.A (A)',
    'shop_first_ingest_A_p0 shop.in.A.0 (A) 0/2 of shop_first_ingest_A',
    'shop_first_ingest_A_p1 shop.in.A.1 (A) 1/2 of shop_first_ingest_A',
    'shop_first_ingest_B shop.in.B (B)',
    'shop_second_ingest_C shop.in.C (C)',
    'shop_second_ingest_C_p0 shop.in.C.0 (C) 0/2 of shop_second_ingest_C',
    'shop_second_ingest_C_p1 shop.in.C.1 (C) 1/2 of shop_second_ingest_C',
  ]);
});

test('a subject without the name of the entity has partitions too', () => {
  const plan = planOf(`
    pipeline shop
    stream SHOP { subject ingest = "shop.in"  partitions: 1 }
    role ingest { publish SHOP.ingest }
    role worker { consume SHOP.ingest }
    ${ordered('A')}`);
  expect(plan.streams[0]?.subjects.map(({ pattern }) => pattern)).toEqual(['shop.in', 'shop.in.*']);
  expect(consumersOf(plan)).toEqual([
    'shop_worker_ingest shop.in (A)',
    'shop_worker_ingest_p0 shop.in.0 (A) 0/1 of shop_worker_ingest',
  ]);
});

test('only what a role publishes has partitions: dead letters have none, also for the role that takes them', () => {
  const plan = planOf(`
    pipeline shop
    stream SHOP { subject ingest = "shop.in.{entity}"  subject dead = "shop.dead.{entity}"  partitions: 1 }
    role ingest { publish SHOP.ingest }
    role worker { consume SHOP.ingest  dead_letter SHOP.dead }
    role mender { consume SHOP.dead }
    ${ordered('A')}`);
  expect(plan.streams[0]?.subjects.map(({ pattern }) => pattern)).toEqual([
    'shop.in.*',
    'shop.in.*.*',
    'shop.dead.*',
  ]);
  expect(plan.roles.at(-1)?.consumes.map(text)).toEqual(['shop_mender_dead shop.dead.* (A)']);
});

test('what a partition publishes, exactly one consumer of each role takes', () => {
  const plan = planOf(`
    pipeline shop
    stream SHOP { subject ingest = "shop.{entity}.in"  partitions: 3 }
    role ingest { publish SHOP.ingest }
    role worker { consume SHOP.ingest }
    ${ordered('A')} ${ordered('B')}`);
  const consumers = plan.roles.flatMap((role) => role.consumes);
  for (const name of ['A', 'B'])
    for (const index of [0, 1, 2]) {
      const subject = partitionSubject('shop.{entity}.in', name, index);
      const taking = consumers.filter(({ filter }) => matches(filter, subject));
      expect(taking.map(({ partition, entities }) => [partition?.index, entities.includes(name)])).toEqual([
        [index, true],
      ]);
    }
});

function matches(pattern: string, subject: string): boolean {
  const [tokens, found] = [pattern.split('.'), subject.split('.')];
  return tokens.length === found.length && tokens.every((token, at) => token === '*' || token === found[at]);
}

test.each([
  [10, 1000],
  [2000, 8000],
])(
  'a partition of a role with batches of %i holds %i: what one worker works and fetches ahead',
  (batch, most) => {
    const plan = planOf(`
    pipeline shop
    stream SHOP { subject ingest = "shop.in.{entity}"  partitions: 1 }
    role ingest { publish SHOP.ingest }
    role worker { consume SHOP.ingest  batch: ${batch} }
    ${ordered('A')}`);
    expect(plan.roles.at(-1)?.consumes.at(-1)).toMatchObject({
      partition: { index: 0 },
      maxAckPending: most,
    });
  },
);
