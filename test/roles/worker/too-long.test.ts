import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { openRig, QUEUES } from './rig.ts';

/** A text column for each, which Postgres cannot make smaller than 24 bytes when it moves the value out of the row. */
const MANY = 400;

const pages = (id: string): string => `
pipeline pages${id}
stream S${id} {
  subject ingest = "s${id}.ingest.{entity}"
  subject dead = "s${id}.dead.{entity}"
  storage: memory
}
role ingest { publish S${id}.ingest }
role worker { consume S${id}.ingest  dead_letter S${id}.dead  batch: 50 }
entity Page { url: text  store pages { key (url)  upsert on (url) } }
entity Form {
  id: int
${Array.from({ length: MANY }, (_, at) => `  f${at}: text?`).join('\n')}
  store forms { key (id)  upsert on (id) }
}`;

/** No two of them have anything in common, so that Postgres cannot compress them. */
function random(characters: number): string {
  return randomBytes(characters).toString('base64').slice(0, characters);
}

function form(id: number, length: number): object {
  return Object.fromEntries([
    ['id', id],
    ...Array.from({ length: MANY }, (_, at) => [`f${at}`, random(length)]),
  ]);
}

test.each(QUEUES)(
  'over %s, a key or row that is too long for Postgres is the fault of its message alone',
  async (kind) => {
    const rig = await openRig(kind, pages);
    const worker = rig.work();
    const page = (url: string) => ({ entity: 'Page', body: { url } });
    const ids = await rig.publish([
      page('a'),
      page(random(5000)),
      // Compressed, it fits.
      page('b'.repeat(9000)),
      { entity: 'Form', body: form(1, 5) },
      { entity: 'Form', body: form(2, 22) },
      page(random(9000)),
      page('c'),
    ]);
    await rig.settled(ids.length);
    expect(await rig.statuses()).toEqual({ completed: 4, dlq: 3 });
    expect(worker.state().counters.retried).toBe(0);
    for (const [at, text] of [
      [1, /index row .* "pages_pkey".*SQLSTATE 54000.* at pages/],
      [5, /index row requires .*SQLSTATE 54000/],
      [4, /row is too big.*SQLSTATE 54000/],
    ] as const) {
      const status = await rig.status(ids[at] ?? '');
      expect(status?.error).toMatchObject({ code: 'too_long', message: expect.stringMatching(text) });
    }
  },
);

const copies = (id: string): string => `
pipeline copies${id}
stream S${id} {
  subject ingest = "s${id}.ingest.{entity}"
  subject dead = "s${id}.dead.{entity}"
  storage: memory
}
role ingest { publish S${id}.ingest  max_rows_per_message: 20000 }
role worker { consume S${id}.ingest  dead_letter S${id}.dead  batch: 50 }
entity Order {
  id: int
  note: text
  lines: int[]
  store orders { key (id)  upsert on (id) }
}
derive Line from Order as o, each o.lines as n {
  id = o.id
  n = n
  note = o.note
  store order_lines { key (id, n)  upsert on (id, n) }
}`;

test('a message that copies a text into more rows than a statement can hold is the fault of itself alone', async () => {
  const rig = await openRig('Postgres', copies);
  rig.work();
  const order = (id: number, length: number, lines: number) => ({
    entity: 'Order',
    body: { id, note: 'x'.repeat(length), lines: Array.from({ length: lines }, (_, at) => at) },
  });
  const ids = await rig.publish([order(1, 5, 2), order(2, 300_000, 9_000), order(3, 5, 2)]);
  await rig.settled(ids.length);
  expect(await rig.statuses()).toEqual({ completed: 2, dlq: 1 });
  const status = await rig.status(ids[1] ?? '');
  expect(status?.error).toMatchObject({
    code: 'too_long',
    message: expect.stringMatching(/the rows of order_lines have more than 256 MB/),
  });
});
