import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { subjectOf } from '../../../src/plan/plan.ts';
import { runs } from '../../support/property-runs.ts';
import { openRig, QUEUES, type Rig } from './rig.ts';

/** Text in every kind of place: keys, columns, lists, JSON, a header, a raw body. */
const diary = (id: string) => `
pipeline diary${id}
stream S${id} {
  subject ingest = "s${id}.ingest.{entity}"
  subject dead = "s${id}.dead.{entity}"
  storage: memory
}
role ingest { publish S${id}.ingest }
role worker { consume S${id}.ingest  dead_letter S${id}.dead  batch: 100  max_rows_per_message: 8 }
entity Page {
  id: text
  title: text(30)?
  tags: text[]?
  extra: json?
  words: Word[]?
  store pages { key (id)  upsert on (id) replace }
}
shape Word { number: int  word: text }
derive PageWord from Page as p, each p.words as w {
  ...w
  id: text = p.id
  store page_words { key (id, number)  upsert on (id, number) replace  prune by (id) }
}
entity Scrap {
  id: text @header("x-id")
  body: text @body
  store scraps { key (id)  upsert on (id) replace }
}
`;

interface Hostile {
  readonly entity: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** Publishes past every check of the ingest role, as a foreign or an older process may. */
async function smuggle(rig: Rig, messages: readonly Hostile[]): Promise<readonly string[]> {
  const target = rig.plan.roles[0]?.publishes[0];
  if (target === undefined) throw new Error('the pipeline publishes nothing');
  const sent = messages.map(({ entity, body, headers }) => {
    const messageId = randomUUID();
    const subject = subjectOf(target.template, entity);
    const { stream } = target;
    return {
      stream,
      subject,
      entity,
      messageId,
      dedupeId: messageId,
      generation: 0,
      program: undefined,
      body,
      headers,
      receivedAt: 1,
    };
  });
  const outcomes = await rig.queue.publisher().publish(sent);
  expect(outcomes.every(({ kind }) => kind === 'stored')).toBe(true);
  return sent.map(({ messageId }) => messageId);
}

function asText(bytes: unknown, encoding: BufferEncoding = 'utf8'): string {
  return Buffer.from(bytes as Uint8Array).toString(encoding);
}

const QUOTES = [
  `'; DROP TABLE pages; --`,
  `"}') ; SELECT 1`,
  `{a,"b",NULL}`,
  `\\`,
  `\\'`,
  `$1`,
  'NULL',
  '',
  '\u0001\t\r\n',
  '\u202e\ufeff\u{1f4a9}e\u0301',
];
const text = fc.oneof(fc.constantFrom(...QUOTES), fc.string({ unit: 'binary', maxLength: 40 }));
const json = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' });

describe.each(QUEUES)('over %s', (kind) => {
  test('whatever text a message holds, it is stored as it is or kept as a dead letter as it came', async () => {
    const rig = await openRig(kind, diary);
    rig.work();
    const pages = fc.sample(
      fc.record({
        title: fc.option(text),
        tags: fc.option(fc.array(fc.oneof(text), { maxLength: 4 })),
        extra: fc.option(json),
        words: fc.array(text, { maxLength: 12, size: 'max' }),
        key: text,
      }),
      { numRuns: runs(400), seed: 4 },
    );
    // A number in front makes every key one of its own, whatever the text behind it.
    const bodies = pages.map(({ key, words, ...rest }, at) => ({
      ...rest,
      id: `${at}|${key}`,
      words: words.map((word, number) => ({ number, word })),
    }));
    const ids = await smuggle(
      rig,
      bodies.map((body) => ({ entity: 'Page', body: Buffer.from(JSON.stringify(body)), headers: {} })),
    );
    await rig.settled(ids.length);

    const stored = new Map(
      (await rig.rows('SELECT id, title, tags, extra::text AS extra FROM pages')).map((row) => [
        row['id'],
        row,
      ]),
    );
    const words = Map.groupBy(
      await rig.rows('SELECT id, number, word FROM page_words ORDER BY id, number'),
      (row) => row['id'],
    );
    const dead = new Map(
      (await rig.rows('SELECT message_id, body, error_code FROM dead_letters')).map((row) => [
        row['message_id'],
        row,
      ]),
    );
    for (const [at, body] of bodies.entries()) {
      const letter = dead.get(ids[at] ?? '');
      const row = stored.get(body.id);
      const kept = letter === undefined ? undefined : asText(letter['body']);
      const found = row && {
        ...row,
        extra: JSON.parse((row['extra'] as string | null) ?? 'null'),
        words: (words.get(body.id) ?? []).map((each) => ({ number: each['number'], word: each['word'] })),
      };
      expect({ kept, found }).toEqual(
        letter === undefined
          ? { kept: undefined, found: { ...body, extra: JSON.parse(JSON.stringify(body.extra)) } }
          : { kept: JSON.stringify(body), found: undefined },
      );
    }
    expect(stored.size + dead.size).toBe(ids.length);
    expect(stored.size).toBeGreaterThan(runs(50));
    const codes = new Set([...dead.values()].map((row) => row['error_code']));
    expect(codes.isSubsetOf(new Set(['invalid_format', 'too_long', 'too_many_rows', 'out_of_range']))).toBe(
      true,
    );
    expect(codes).toContain('too_many_rows');
    expect(rig.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('bytes of any kind become a row or a dead letter with the same bytes and headers, and the worker goes on', async () => {
    const rig = await openRig(kind, diary);
    const worker = rig.work();
    const header = fc.string({ unit: 'binary', maxLength: 20 }).filter((value) => value.isWellFormed());
    const messages = fc.sample(
      fc.record({
        entity: fc.constantFrom('Page', 'Scrap', 'Nobody'),
        body: fc.oneof(
          fc.uint8Array({ maxLength: 60 }),
          text.map((value) => Buffer.from(value)),
          fc
            .integer({ min: 1, max: 3_000 })
            .map((depth) => Buffer.from('{"id":"1","extra":' + '['.repeat(depth))),
        ),
        headers: fc.oneof(
          fc.constant({}),
          header.map((value) => ({ 'x-id': value })),
        ),
      }),
      { numRuns: runs(300), seed: 4 },
    );
    const unique = messages.map((message, at) => {
      const value = (message.headers as Record<string, string>)['x-id'];
      return { ...message, headers: value === undefined ? message.headers : { 'x-id': `${at}|${value}` } };
    });
    const ids = await smuggle(rig, unique);
    await rig.settled(ids.length);
    const scraps = new Map(
      (await rig.rows('SELECT id, body FROM scraps')).map((row) => [row['id'], row['body']]),
    );
    const dead = new Map(
      (await rig.rows('SELECT message_id, body, headers::text AS headers FROM dead_letters')).map((row) => [
        row['message_id'],
        row,
      ]),
    );
    for (const [at, { body, headers }] of unique.entries()) {
      const letter = dead.get(ids[at] ?? '');
      const found =
        letter === undefined
          ? { row: Buffer.from((scraps.get((headers as Record<string, string>)['x-id']) ?? '') as string) }
          : {
              body: asText(letter['body'], 'latin1'),
              headers: JSON.parse(letter['headers'] as string) as unknown,
            };
      // jsonb holds no U+0000.
      const storable = JSON.parse(JSON.stringify(headers).replaceAll('\\u0000', '\ufffd')) as unknown;
      expect(found).toEqual(
        letter === undefined
          ? { row: Buffer.from(body) }
          : { body: asText(body, 'latin1'), headers: storable },
      );
    }
    expect(scraps.size).toBeGreaterThan(runs(5));
    expect(scraps.size + dead.size).toBe(ids.length);
    expect(worker.state().kind).toBe('running');
    expect(rig.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('what a foreign publisher writes gets into the log as codes and names only', async () => {
    const rig = await openRig(kind, diary);
    const worker = rig.work();
    const word = 'STRANGER\u001b[2J\u2028\u202e';
    const page = (more: object) => ({
      entity: 'Page',
      body: Buffer.from(JSON.stringify({ id: word, ...more })),
      headers: {},
    });
    const ids = await smuggle(rig, [
      page({ title: word.repeat(9) }),
      page({ [word]: 1, tags: word }),
      page({ title: `${word}\u0000` }),
      page({ words: [{ number: 1e10, word }] }),
      page({ words: Array.from({ length: 9 }, () => ({ number: 1, word })) }),
      page({ id: word.repeat(400) }),
      { entity: 'Page', body: Buffer.from(`{"${word}`), headers: { 'x-id': word } },
      { entity: 'Scrap', body: Buffer.from([0xff, 0xc0, 0x80]), headers: { 'x-id': word } },
    ]);
    await rig.settled(ids.length);
    expect(worker.state().kind).toBe('running');
    const told = rig.log.lines.filter(({ message }) => message === 'message became a dead letter');
    expect(told.length).toBeGreaterThan(4);
    expect(JSON.stringify(rig.log.lines)).not.toContain('STRANGER');
  });
});
