import { expect, test } from 'vitest';
import { openDocument } from '../../src/editor/document.ts';
import { ownFindings } from '../../src/editor/own-findings.ts';
import { spanText } from '../../src/text/source.ts';

/** What an editor shows in `shop.nom` beside these files: the text that is marked, and the message. */
function shown(
  text: string,
  files: Readonly<Record<string, string>>,
): readonly (readonly [string, string])[] {
  const document = openDocument({ name: 'shop.nom', text }, (path) => files[path]);
  return ownFindings(document).map(({ primary, message }) => [spanText(primary.span), message]);
}

const stored = 'store as { key (id)  upsert on (id) }';

test('what is wrong in an imported file stands at the import that leads there, with the place in words', () => {
  const text = `import "fine.nom"\nimport "faulty.nom"\nentity A { ...S  id: int  ${stored} }\n`;
  const files = { 'fine.nom': 'shape S { n: int }\n', 'faulty.nom': '\n  entity B { id: innt }\n' };
  expect(shown(text, files)).toContainEqual([
    '"faulty.nom"',
    expect.stringMatching(/^faulty\.nom:2:18: there is no type `innt`/),
  ]);
});

test('what is wrong behind an imported file stands at an import', () => {
  const text = `import "one.nom"\nentity A { id: int  ${stored} }\n`;
  const files = { 'one.nom': 'import "two.nom"\n', 'two.nom': 'shape S { n: innt }\n' };
  expect(shown(text, files)).toContainEqual(['"one.nom"', expect.stringMatching(/^two\.nom:1:14: /)]);
});

test('what is wrong in the data of a lookup stands at the lookup', () => {
  const text = `import "fine.nom"
lookup Rates "rates.csv" { code: text  rate: int  key (code) }
entity A { ...S  id: int  code: text  check Rates[code] != null  ${stored} }
`;
  const files = { 'fine.nom': 'shape S { n: int }\n', 'rates.csv': 'code,rate\na,1\nb,two\n' };
  expect(shown(text, files)).toContainEqual(['"rates.csv"', expect.stringMatching(/^rates\.csv:3:3: /)]);
});
