import { expect, test } from 'vitest';
import { duration, overviewJson, overviewText } from '../../src/cli/overview-text.ts';
import type { Overview } from '../../src/roles/overview/overview.ts';

const at = Date.UTC(2026, 10, 28, 12);
const seen: Overview = {
  pipeline: 'shop',
  at,
  queue: {
    kind: 'known',
    streams: [
      {
        stream: 'SHOP',
        consumers: [
          { consumer: 'shop_worker', messages: 1200, oldestAt: at - 65_000 },
          { consumer: 'shop_audit', messages: 0, oldestAt: undefined },
        ],
        orphans: 3,
      },
    ],
  },
  deadLetters: [
    { entity: 'Order', code: 'constraint_violation', count: 12, lastAt: '2026-11-28T11:59:00.000Z' },
    // A foreign publisher may have written it.
    { entity: 'a\u001B[2Jb', code: 'unknown_entity', count: 1, lastAt: '2026-11-28T11:00:00.000Z' },
  ],
  lost: {
    kind: 'known',
    entities: [{ entity: 'Order', count: 3174, lastAt: '2026-11-28T11:58:00.000Z' }],
  },
  roles: [
    {
      role: 'ingest',
      processes: 2,
      program: {
        fingerprint: 'CMZcQY-ySyI7cEpW',
        standing: 'older',
        silentFor: 4_000,
        waits: ['Postgres has no room: \u001b[1m'],
      },
    },
    { role: 'worker', processes: 0 },
  ],
};

test('a pipeline at a glance fits on a screen, and what a stranger wrote does not steer the terminal', () => {
  expect(overviewText(seen)).toMatchInlineSnapshot(`
    "shop at 2026-11-28T12:00:00.000Z

    queue
      stream  consumer       waiting  oldest
      SHOP    shop_worker    1200     65 s
      SHOP    shop_audit     0        -
      SHOP    (no consumer)  3        -

    dead letters
      entity       code                  count  last
      Order        constraint_violation  12     2026-11-28T11:59:00.000Z
      a\\u{1b}[2Jb  unknown_entity        1      2026-11-28T11:00:00.000Z

    lost messages
      entity  count  found
      Order   3174   2026-11-28T11:58:00.000Z
      send them again under their Idempotency-Key: docs/repair.md

    roles
      role    running  program                   seen
      ingest  2        CMZcQY-ySyI7cEpW (older)  4 s ago
      worker  0        -                         -
      ingest waits: Postgres has no room: \\u{1b}[1m
    "
  `);
});

test('an empty pipeline, and a queue that is away, say so', () => {
  const queue = { kind: 'unknown', reason: 'no connection to NATS\n\u001B[2J' } as const;
  expect(overviewText({ ...seen, queue, deadLetters: [] })).toContain(
    'queue\n  unknown: no connection to NATS\\u{a}\\u{1b}[2J\n\ndead letters\n  none\n',
  );
});

test('lost messages: none, or that nobody can count them', () => {
  expect(overviewText({ ...seen, lost: { kind: 'known', entities: [] } })).toContain(
    'lost messages\n  none\n',
  );
  const unknown = { ...seen, lost: { kind: 'unknown', reason: 'no right' } } as const;
  expect(overviewText(unknown)).toContain('lost messages\n  unknown: no right\n');
  expect(overviewJson(unknown)).toMatchObject({ lost: { error: 'no right' } });
  expect(overviewJson(seen)).toMatchObject({
    lost: { entities: [{ entity: 'Order', count: 3174, last_at: '2026-11-28T11:58:00.000Z' }] },
  });
});

test('scripts get the same as JSON', () => {
  expect(overviewJson(seen)).toMatchObject({
    at: '2026-11-28T12:00:00.000Z',
    queue: {
      streams: [
        { stream: 'SHOP', consumers: [{ oldest_age_seconds: 65 }, { oldest_age_seconds: null }], orphans: 3 },
      ],
    },
    dead_letters: [{ count: 12, last_at: '2026-11-28T11:59:00.000Z' }, {}],
    roles: [
      { seen_seconds_ago: 4, waits: [expect.stringContaining('no room')] },
      { processes: 0, program: null },
    ],
  });
});

test.each([
  [-5, '0 s'],
  [119_000, '119 s'],
  [7_100_000, '118 min'],
  [7_200_000, '2 h'],
  [172_800_000, '2 d'],
])('%i milliseconds are shown as %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
