import { expect, test } from 'vitest';
import { MOST_MADE_TEXT } from '../../src/plan/evaluate/made-text.ts';
import { planOf } from '../support/plan.ts';
import { evaluate } from './evaluating.ts';

const GROW = 'fn grow(x: text) -> text = concat(x, x, x, x, x, x, x, x)\n';

/** A program that makes more text of a message than it may: each multiplies in another way. */
const ENTITY = 'entity E { id: int  c0: text  items: text[]  rest: json?';
const STORE = 'store es { key (id)  upsert on (id) }';
const many = (count: number, value: (at: number) => string, type = 'text'): string =>
  Array.from({ length: count }, (_, at) => `  f${at}: ${type} = ${value(at)}`).join('\n');
const derived = (fields: string): string =>
  `${GROW}${ENTITY} ${STORE} }\nderive D from E as e {\n  id: int = e.id\n${fields}\n  store ds { key (id)  upsert on (id) }\n}`;
const perItem = (fields: string): string =>
  `${GROW}${ENTITY} ${STORE} }\nderive D from E as e, each e.items as item {\n  id: int = e.id\n  item: text(20) = item\n${fields}\n` +
  '  store ds { key (id, item)  upsert on (id, item) }\n}';

const hungry: readonly (readonly [what: string, program: string])[] = [
  ['fields of a derivation', derived(many(200, (at) => `grow(grow(grow(concat(e.c0, "${at}"))))`))],
  [
    'fields of an entity',
    `${GROW}${ENTITY}\n${many(200, (at) => `grow(grow(grow(concat(c0, "${at}"))))`)}\n${STORE} }`,
  ],
  [
    'texts of which only the length is stored',
    derived(many(200, () => 'length(grow(grow(grow(e.c0))))', 'int')),
  ],
  ['texts that `try` falls back from', derived(many(200, () => 'try(grow(grow(grow(e.c0))), "")'))],
  ['`replace`', derived(many(400, () => 'replace(e.c0, "a", "0123456789012345678901234567890123456789")'))],
  ['`join`', derived(many(200, () => 'join(e.items, substr(e.c0, 1, 500))'))],
  ['the rows of a list', perItem('  all: text = upper(e.c0)')],
  ['the lists of texts', perItem('  all: text[] = split(e.c0, "a")')],
  [
    'rows that a condition leaves out',
    perItem('').replace('as item {', 'as item where upper(e.c0) == "b" {'),
  ],
];

const message = {
  id: 1,
  c0: 'a'.repeat(16_000),
  items: Array.from({ length: 9_000 }, (_, at) => `i${at}`),
};

test.each(hungry)('a message of which too much text is made is refused soon: %s', (_what, program) => {
  const plan = planOf(program);
  const started = process.cpuUsage();
  const evaluation = evaluate(plan, { body: message });
  const { user, system } = process.cpuUsage(started);
  expect(evaluation).toMatchObject({
    kind: 'rejected',
    rejection: { code: 'too_long', message: expect.stringContaining(String(MOST_MADE_TEXT)) },
  });
  expect(JSON.stringify(evaluation).length).toBeLessThan(1_000);
  expect((user + system) / 1_000_000).toBeLessThan(4);
  // The next message has its own count.
  expect(evaluate(plan, { body: { id: 2, c0: 'a', items: ['b'] } })).toMatchObject({ kind: 'rows' });
});

test('a message that is wrong elsewhere too is told what is wrong there, and makes no more text for it', () => {
  const [, program] = hungry[1] ?? ['', ''];
  const started = process.cpuUsage();
  expect(evaluate(planOf(program), { body: { ...message, id: 'no' } })).toMatchObject({
    kind: 'rejected',
    rejection: { code: 'invalid_format' },
  });
  expect(process.cpuUsage(started).user / 1_000_000).toBeLessThan(4);
});

test('what a message makes is told where it is much, up to the limit', () => {
  const plan = planOf(derived(many(8, () => 'concat(e.c0, "")')));
  const made = (length: number): unknown =>
    evaluate(plan, { body: { id: 1, c0: 'a'.repeat(length), items: [] } });
  expect(made(10)).not.toHaveProperty('madeText');
  expect(made(100_000)).toMatchObject({ kind: 'rows', madeText: 800_000 });
  expect(made(MOST_MADE_TEXT / 8)).toMatchObject({ kind: 'rows', madeText: MOST_MADE_TEXT });
  expect(made(MOST_MADE_TEXT / 8 + 1)).toMatchObject({ kind: 'rejected', rejection: { code: 'too_long' } });
});
