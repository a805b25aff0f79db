import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';

const order =
  'entity Order { customer: uuid  ordered by (customer)  store orders { key (customer)  upsert on (customer) } }';
const unordered = order.replace('ordered by (customer)', '');

function findingsOf(text: string) {
  return analyze({ name: 'shop.nom', text }).findings.map(({ code, message }) => `${code} ${message}`);
}

test('the partitions of a subject overlap no other subject, of the same stream or of another', () => {
  const wiring = `
    pipeline shop
    stream SHOP { subject ingest = "shop.{entity}"  subject dead = "shop.dead.{entity}" }
    stream MORE { subject other = "shop.Order.more" }
    role ingest { publish SHOP.ingest }
    role worker { consume SHOP.ingest  dead_letter SHOP.dead }`;
  expect(findingsOf(`${wiring} ${order}`)).toEqual([
    'NOM502 two subjects of SHOP capture shop.dead.0',
    'NOM502 the streams SHOP and MORE both capture shop.Order.more',
  ]);
  expect(findingsOf(`${wiring} ${unordered}`)).toEqual([]);
});

test('a subject to which only dead letters go has no partitions to overlap', () => {
  const wiring = `
    pipeline shop
    stream SHOP { subject ingest = "shop.in.{entity}"  subject dead = "shop.{entity}"  subject other = "shop.dead.x" }
    role ingest { publish SHOP.ingest }
    role worker { consume SHOP.ingest  dead_letter SHOP.dead }`;
  expect(findingsOf(`${wiring} ${order}`)).toEqual([]);
});

test('the consumer of a partition has the name of no other consumer; what comes out twice is told once', () => {
  const wiring = (subject: string, only = ''): string => `
    pipeline shop
    stream SHOP { subject a = "shop.a.{entity}"  subject ${subject} = "shop.b.{entity}" }
    role ingest { publish SHOP.a  publish SHOP.${subject} }
    role worker { consume SHOP.a  consume SHOP.${subject} ${only} }`;
  expect(findingsOf(`${wiring('a_p0')} ${order}`)).toEqual([
    'NOM507 two consumers of SHOP are called shop_worker_a_p0',
  ]);
  expect(findingsOf(`${wiring('a_p8')} ${order}`)).toEqual([]);
  expect(findingsOf(`${wiring('b', 'only Order, Order')} ${unordered}`)).toEqual([
    'NOM507 two consumers of SHOP are called shop_worker_b_Order',
  ]);
});

test('partitions that no message goes to are told, and taken out by leaving the setting out', () => {
  const wiring = `
    pipeline shop
    stream SHOP { subject ingest = "shop.in.{entity}"  subject dead = "shop.dead.{entity}" }
    stream MORE { subject dead = "more.dead.{entity}"  partitions: 4 }
    role ingest { publish SHOP.ingest }
    role worker { consume SHOP.ingest  dead_letter MORE.dead }
    role mender { consume MORE.dead }`;
  expect(findingsOf(`${wiring} ${order}`)).toEqual([
    'NOM114 no entity of MORE has `ordered by`, so `partitions` has no effect',
  ]);
  expect(findingsOf(`${wiring.replace('partitions: 4', '')} ${order}`)).toEqual([]);
});
