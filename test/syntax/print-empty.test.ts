import { expect, test } from 'vitest';
import { formatFile } from '../../src/syntax/print/format.ts';

test('declarations with nothing in their braces are aligned the same way twice', () => {
  const text = (source: string) => {
    const formatted = formatFile({ name: 'test.nom', text: source });
    return formatted.kind === 'formatted' ? formatted.text : formatted.kind;
  };
  const once = text('stream\nA\n{\n}\nstream\nLONGER\n{\n}');
  expect(once).toContain('stream');
  expect(text(once)).toBe(once);
});
