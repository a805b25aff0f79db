import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { codesOf } from './finding-codes.ts';

const program = (members: string, where = ''): string => {
  const source = members.includes('t.tags') ? 'each t.tags as tag' : 'each t.l as x';
  return `
    shape Line { id: int  n: int  code: text(9) }
    entity T { id: int  l: Line[]  tags: text(9)[] }
    derive D from T as t, ${source} ${where} {
      id = t.id  row = ${source === 'each t.l as x' ? 'x.code' : 'tag'}  ${members}
      store d { key (id, row)  upsert on (id, row) }
    }`;
};

test.each([
  ['v: int = t.l.n', 't.l.n', 'x.n'],
  ['v = t.l.n * 2', 't.l.n', 'x.n'],
  ['v = 2 - t.l.n', 't.l.n', 'x.n'],
  ['v = -t.l.n', 't.l.n', 'x.n'],
  ['v = abs(t.l.n)', 't.l.n', 'x.n'],
  ['v = concat("a", t.l.code)', 't.l.code', 'x.code'],
  ['v = to_text(t.l.n)', 't.l.n', 'x.n'],
  ['v = t.l.n > 3', 't.l.n', 'x.n'],
  ['v = if t.l.n == 1 then 2 else 3', 't.l.n', 'x.n'],
  ['v = match t.l.n { 1 -> 2  else -> 3 }', 't.l.n', 'x.n'],
  ['v = match t.tags { "a" -> 2  else -> 3 }', 't.tags', 'tag'],
  ['v: text(9) = t.tags', 't.tags', 'tag'],
  ['check t.tags == "a" "no a"', 't.tags', 'tag'],
])('%s: the row was meant, and the help makes it right', (members, written, row) => {
  const text = program(members);
  const [first] = analyze({ name: 'x.nom', text }).findings;
  expect(first?.message).toContain(`\`${written}\` is read from the whole list`);
  expect(first?.help).toBe(`write \`${row}\``);
  const { start = 0, end = 0 } = first?.primary.span ?? {};
  expect(text.slice(start, end)).toBe(written);
  expect(codesOf(text.slice(0, start) + row + text.slice(end))).toEqual([]);
});

test.each([
  ['v = sum(t.l.code)', 'a list of numbers'],
  ['v = sum(t.l)', 'a list of numbers'],
  ['v = t.l + 1', '`+` does not work on'],
  ['v = count(t.l) == "a"', 'compares two values'],
])('%s: what is wrong is something else', (members, message) => {
  expect(analyze({ name: 'x.nom', text: program(members) }).findings[0]?.message).toContain(message);
});

test('the name of a list alone means its row', () => {
  const [first] = analyze({ name: 'x.nom', text: program('v = l.n') }).findings;
  expect(first?.message).toBe('there is no `l` here: a row of `t.l` is called `x`');
  expect(first?.help).toBe('write `x`');
});

test('a `where` reads the row too', () => {
  const [first] = analyze({ name: 'x.nom', text: program('', 'where t.l.n > 3') }).findings;
  expect(first?.help).toBe('write `x.n`');
});
