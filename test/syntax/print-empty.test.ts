import { expect, test } from 'vitest';
import { formatFile } from '../../src/syntax/print/format.ts';

test('declarations with nothing in their braces are aligned the same way twice', () => {
  const once = format('stream\nA\n{\n}\nstream\nLONGER\n{\n}');
  expect(format(once)).toBe(once);
});
