import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';

/** What is said of a `where`, without the code. */
function found(where: string): readonly (readonly [string, string | undefined])[] {
  const text = `entity Order { id: int  amount: int  store orders { key (id)  upsert on (id) } }
derive Large from Order as o where ${where} {
  id = o.id
  total: int = o.amount * 2
  kind = match o.amount { 1 -> "a text that is much too long to be repeated"  else -> "another one" }
  store larges { key (id)  upsert on (id) }
}
`;
  return analyze({ name: 'a.nom', text }).findings.map(({ message, help }) => [message, help]);
}

test('a `where` that names a field of its own derivation is told what to write instead', () => {
  expect(found('total > 3')).toEqual([
    [
      '`total` is a field of Large, but `where` runs before its fields are computed',
      'write `o.amount * 2` instead, or filter in a derivation from Large',
    ],
  ]);
  expect(found('kind == "a"')).toEqual([
    [
      '`kind` is a field of Large, but `where` runs before its fields are computed',
      'write its value instead, or filter in a derivation from Large',
    ],
  ]);
  expect(found('o.amount * 2 > 3')).toEqual([]);
});

test('a name that a source has a field for is told how to read it', () => {
  expect(found('amount > 3')).toEqual([
    ['there is no `amount` here, but the source `o` has one', 'write `o.amount`'],
  ]);
  expect(found('amonut > 3')).toEqual([['there is no `amonut` here', expect.any(String)]]);
});
