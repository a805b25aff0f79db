import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { spanText } from '../../src/text/source.ts';

/** The code and the marked text of each finding for a value of a derived field. */
function marked(field: string): readonly (readonly [string, string])[] {
  const text = `enum Size { Small  Large }
entity Parcel { id: int  kind: text  size: Size  weight: int?  price: decimal(9, 4) }
derive Row from Parcel as p {
  id = p.id
  ${field}
  store rows { key (id)  upsert on (id) }
}
`;
  return analyze({ name: 'a.nom', text }).findings.map(({ code, primary }) => [code, spanText(primary.span)]);
}

test.each([
  ['may be null', 'v: int = match p.kind { "A" -> 1  "B" -> p.weight  else -> 3 }', 'NOM302', 'p.weight'],
  ['is null', 'v: int = match p.kind { "A" -> 1  else -> null }', 'NOM302', 'null'],
  [
    'is too long',
    'v: text(3) = match p.size { Size.Small -> "abc"  Size.Large -> "abcd" }',
    'NOM303',
    '"abcd"',
  ],
  ['may not fit', 'v: text(3) = match p.kind { "A" -> "abc"  else -> p.kind }', 'NOM303', 'p.kind'],
  ['has another type', 'v: int = match p.kind { "A" -> p.price  else -> 1 }', 'NOM301', 'p.price'],
  ['is in an `else`', 'v: int = if p.id > 1 then 1 else p.weight', 'NOM302', 'p.weight'],
  [
    'is in an `if` in an arm',
    'v: int = match p.kind { "A" -> if p.id > 1 then p.weight else 2  else -> 3 }',
    'NOM302',
    'p.weight',
  ],
])('a value that %s is marked, not all of the `match`', (_what, field, code, text) => {
  expect(marked(field)).toEqual([[code, text]]);
});

test('several that do not fit are marked one by one', () => {
  const field = 'v: int = match p.kind { "A" -> p.weight  "B" -> 1  "C" -> null  else -> p.weight }';
  expect(marked(field)).toEqual([
    ['NOM302', 'p.weight'],
    ['NOM302', 'null'],
    ['NOM302', 'p.weight'],
  ]);
});

test('what fits value by value is accepted: literals, numbers that grow, null, failures', () => {
  for (const field of [
    'v: decimal(12, 2) = match p.kind { "A" -> 1  "B" -> 0.25  else -> p.id }',
    'v: decimal(12, 4)? = if p.id > 1 then p.price else null',
    'v: bigint = match p.kind { "A" -> p.id  else -> fail("no") }',
    'v: int = match p.kind { "A" -> p.id  else -> skip() }',
    'v: Size = match p.kind { "A" -> "Small"  else -> p.size }',
    'v: text(4) = match p.size { Size.Small -> "a"  Size.Large -> "abcd" }',
  ])
    expect([field, marked(field)]).toEqual([field, []]);
});
