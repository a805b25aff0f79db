import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { rowsOf } from '../plan/evaluating.ts';

const STORE = 'store es { key (id)  upsert on (id) }';

test('a shape reads fields of a shape that is declared after it', () => {
  const text = `shape Box  { item: Item  twice = item.weight * 2 }
shape Item { weight: int }
entity E { id: int  box: Box  total = box.twice  ${STORE} }`;
  expect(rowsOf(text, { body: { id: 1, box: { item: { weight: 4 } } } })).toEqual({
    es: [{ id: 1, total: 8 }],
  });
});

test('a shape counts what the shapes inside it count, whatever stands first', () => {
  const text = `shape Node { below: bigint = count(children.below)  children: Node[] }
entity E { id: int  root: Node  total = root.below  ${STORE} }`;
  const body = { id: 1, root: { children: [{ children: [] }, { children: [{ children: [] }] }] } };
  expect(rowsOf(text, { body })).toEqual({ es: [{ id: 1, total: '2' }] });
});

test('a field whose type follows from itself is reported, also on the way through a list', () => {
  const messages = (text: string) =>
    analyze({ name: 'a.nom', text }).findings.map(({ code, message }) => `${code} ${message}`);
  expect(
    messages(`shape Node { children: Node[]  most = sum(children.most) }
entity E { id: int  root: Node  ${STORE} }`),
  ).toEqual(['NOM304 `most` is computed from itself: most → most']);
});
