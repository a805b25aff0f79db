import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';

function found(code: string): readonly unknown[] {
  const text = `entity A { id: int  store a { key (id)  upsert on (id) } }
test "t" { given A { "id": "x" } expect rejected ${code} }
`;
  return analyze({ name: 'a.nom', text }).findings;
}

test('a test that expects a code which no message is rejected with is told so before it runs', () => {
  expect(found('invalid_format')).toEqual([]);
  expect(found('')).toEqual([]);
  expect(found('invalid_formt')).toMatchObject([
    {
      code: 'NOM101',
      message: 'there is no rejection code `invalid_formt`',
      help: 'did you mean `invalid_format`?',
    },
  ]);
  expect(found('toString')).toMatchObject([{ code: 'NOM101' }]);
});
