import { expect, test } from 'vitest';
import { arrayLiteral, element, NULL_ELEMENT } from '../../../src/sql/postgres/array-literal.ts';

test('an array literal quotes what Postgres would read otherwise', () => {
  const texts = [
    ...['a', '1.5', '10:00:00', '#000000001', 'null1'],
    ...[
      '',
      'NULL',
      'null',
      'nUlL',
      'a b',
      'a,b',
      '{',
      '}',
      'say "hi"',
      'C:\\temp',
      '\\"\\',
      '\t',
      '\n',
      '\v',
      'é',
    ],
  ];
  expect(arrayLiteral(texts.map((text) => element(text, false)))).toBe(
    '{a,1.5,10:00:00,#000000001,null1,' +
      '"","NULL","null","nUlL","a b","a,b","{","}","say \\"hi\\"","C:\\\\temp","\\\\\\"\\\\","\t","\n","\v","é"}',
  );
});

test('null is told from the text NULL, and no elements from an empty one', () => {
  expect(arrayLiteral([NULL_ELEMENT, element('NULL', false)])).toBe('{NULL,"NULL"}');
  expect(arrayLiteral([])).toBe('{}');
  expect(arrayLiteral([element('', false)])).toBe('{""}');
});

test('a bare text is taken as it is', () => {
  expect(arrayLiteral([element('-12.50', true), element('1e+21', true)])).toBe('{-12.50,1e+21}');
});
