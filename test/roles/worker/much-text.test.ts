import { expect, test } from 'vitest';
import { openRig, QUEUES } from './rig.ts';

const GROWN = 8 * 8 * 8;

const pages = (id: string): string => `
pipeline pages${id}
stream S${id} {
  subject ingest = "s${id}.ingest.{entity}"
  subject dead = "s${id}.dead.{entity}"
  storage: memory
}
role ingest { publish S${id}.ingest }
role worker { consume S${id}.ingest  dead_letter S${id}.dead  batch: 50  concurrency: 1 }
fn grow(x: text) -> text = concat(x, x, x, x, x, x, x, x)
entity Page {
  id: int
  body: text
  size: int = length(grow(grow(grow(body))))
  store pages { key (id)  upsert on (id) }
}`;

test.each(QUEUES)(
  'over %s, messages of which much text is made are worked a few at a time, and one of which too much is made fails alone',
  async (kind) => {
    const rig = await openRig(kind, pages);
    const letters = (count: number) => 'a'.repeat(count);
    const bodies = [
      ...Array.from({ length: 12 }, () => letters(16_000)),
      letters(1),
      letters(60_000),
      letters(2),
    ];
    await rig.publish(bodies.map((body, id) => ({ entity: 'Page', body: { id, body } })));
    rig.work();
    await rig.settled(bodies.length);
    expect(await rig.statuses()).toEqual({ completed: 14, dlq: 1 });
    const rows = await rig.rows('SELECT id, size, xmin::text AS transaction FROM pages ORDER BY id');
    expect(rows.map(({ size }) => size)).toEqual(
      bodies.filter((body) => body.length < 60_000).map((body) => body.length * GROWN),
    );
    // All of them together make 100 million characters.
    expect(new Set(rows.map(({ transaction }) => transaction)).size).toBeGreaterThanOrEqual(3);
  },
);
