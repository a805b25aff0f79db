import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { codesOf, codesOfFields } from './finding-codes.ts';

test.each([
  [
    'the value of an enum',
    'enum E { A = "\\u0000" } entity T { id: int  e: E  store t { key (id)  upsert on (id) } }',
  ],
  [
    'half a surrogate pair',
    'enum E { A = "\\ud800" } entity T { id: int  e: E  store t { key (id)  upsert on (id) } }',
  ],
  [
    'the message of a check',
    'entity T { id: int  check id > 0 "\\u0000"  store t { key (id)  upsert on (id) } }',
  ],
])('a text that Postgres cannot store is refused as %s', (_what, text) => {
  expect(codesOf(text)).toEqual(['NOM303']);
});

test('U+0000 in a doc comment is refused, since it reaches the database', () => {
  const { findings } = analyze({ name: 'a.nom', text: '/// a\0\nenum E { A }\n// b\0\nentity T { e: E }' });
  expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([
    {
      code: 'NOM001',
      message: 'text cannot contain the character U+0000',
      primary: { span: { start: 5, end: 6 } },
    },
  ]);
});

test.each(['x name', 'x:name', 'größe', '\\u0000'])('a header that no request has is refused: %s', (name) => {
  expect(codesOfFields(`v: text? @header("${name}")`)).toEqual(['NOM104']);
  expect(codesOfFields('v: text? @header("X-Name_1")')).toEqual([]);
});
