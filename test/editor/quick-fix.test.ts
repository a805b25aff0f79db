import { expect, test } from 'vitest';
import { openDocument } from '../../src/editor/document.ts';
import { quickFixes } from '../../src/editor/quick-fix.ts';
import { editedText } from '../../src/editor/edit.ts';

/** The fixes of a text: title and the text that each makes. */
function fixes(text: string): readonly (readonly [title: string, text: string])[] {
  const document = openDocument({ name: 'a.nom', text });
  return quickFixes(document, 0, text.length).map(({ title, edits }) => [title, editedText(text, edits)]);
}

const stored = (items: string): string => `entity A { id: int  n: int?  store as { ${items} } }\n`;

test.each([
  [
    'a misspelt field',
    'entity A { id: int }\nderive B from A as a { n = a.idd }\n',
    'Write `id`',
    'entity A { id: int }\nderive B from A as a { n = a.id }\n',
  ],
  ['a misspelt type', 'entity A { id: timestmp }\n', 'Write `timestamp`', 'entity A { id: timestamp }\n'],
  ['a misspelt word', 'entitty A { id: int }\n', 'Write `entity`', 'entity A { id: int }\n'],
  [
    'a misspelt attribute',
    'entity A { id: int @defalt(1) }\n',
    'Write `@default`',
    'entity A { id: int @default(1) }\n',
  ],
  [
    'other words for `ordered by`',
    'entity A { id: int  order by (id)  store as { key (id)  upsert on (id) } }\n',
    'Write `ordered by`',
    'entity A { id: int  ordered by (id)  store as { key (id)  upsert on (id) } }\n',
  ],
  [
    '`ordered by` without parentheses',
    'entity A { id: int  n: int  ordered by id, n  store as { key (id)  upsert on (id) } }\n',
    'Write `(id, n)`',
    'entity A { id: int  n: int  ordered by (id, n)  store as { key (id)  upsert on (id) } }\n',
  ],
  [
    'an order by a field that may be null',
    'entity A { id: int  n: text(9)?  ordered by (n)  store as { key (id)  upsert on (id) } }\n',
    'Forbid null: `text(9)`',
    'entity A { id: int  n: text(9)  ordered by (n)  store as { key (id)  upsert on (id) } }\n',
  ],
  ['a missing upsert', stored('key (id)'), 'Add `upsert on (id)`', stored('key (id)  upsert on (id)')],
  [
    'a missing upsert in a store of several lines',
    'entity A {\n  id: int\n  store as {\n    key (id)\n  }\n}\n',
    'Add `upsert on (id)`',
    'entity A {\n  id: int\n  store as {\n    key (id)\n    upsert on (id)\n  }\n}\n',
  ],
  [
    'an upsert without its constraint',
    stored('unique (n) nulls equal  upsert on (id)'),
    'Add `unique (id)`',
    stored('unique (id)  unique (n) nulls equal  upsert on (id)'),
  ],
  [
    'an upsert on other columns than the constraint',
    stored('unique (n) nulls equal  upsert on (id)'),
    'Upsert on (n)',
    stored('unique (n) nulls equal  upsert on (n)'),
  ],
  [
    'a key that may be null',
    stored('unique (n)  upsert on (n)'),
    'Write `unique (n) nulls equal`',
    stored('unique (n) nulls equal  upsert on (n)'),
  ],
  [
    'a value that may be null',
    'entity A { n: int? }\nderive B from A as a { m: int = a.n }\n',
    'Allow null: `int?`',
    'entity A { n: int? }\nderive B from A as a { m: int? = a.n }\n',
  ],
  [
    'a number for a text',
    'entity A { n: int }\nderive B from A as a { m: text = a.n }\n',
    'Write `to_text(a.n)`',
    'entity A { n: int }\nderive B from A as a { m: text = to_text(a.n) }\n',
  ],
  [
    'a list without each',
    'shape L { x: int }\nentity A { ls: L[] }\nderive B from A as a, a.ls as l { m = l.x }\n',
    'Write `each a.ls as l`',
    'shape L { x: int }\nentity A { ls: L[] }\nderive B from A as a, each a.ls as l { m = l.x }\n',
  ],
  [
    'an assignment for a comparison',
    'entity A { n: int  check n = 1 }\n',
    'Write `==`',
    'entity A { n: int  check n == 1 }\n',
  ],
  ['a comma too many', 'entity A { n: int, m: int }\n', 'Leave out `,`', 'entity A { n: int m: int }\n'],
  [
    'a doc comment that reaches nobody',
    'entity A { n: int }\n/// last\n',
    'Make it a plain comment',
    'entity A { n: int }\n// last\n',
  ],
])('%s is fixed', (_what, text, title, fixed) => {
  expect(fixes(text)).toContainEqual([title, fixed]);
});

test('a fix that would bring another error is not offered', () => {
  // The key would be null then.
  const text =
    'entity A { n: int? }\nderive B from A as a { m: int = a.n  store bs { key (m)  upsert on (m) } }\n';
  expect(fixes(text)).toEqual([]);
});

test('a fix that makes a declaration unreadable, so that its other errors hide, is not offered', () => {
  const text = `entity A { raw: text }
derive B from A as a, each a as b { m: text = hl7(a.raw, "3")  store bs { key (m)  upsert on (m) } }
`;
  expect(fixes(text).map(([title]) => title)).toEqual(['Leave out `each`']);
});

test('only findings at the asked place are fixed', () => {
  const text = 'entity A { a: innt }\nentity B { b: innt }\n';
  const document = openDocument({ name: 'a.nom', text });
  const at = text.lastIndexOf('innt');
  expect(quickFixes(document, at, at).map(({ finding }) => finding.primary.span.start)).toEqual([at]);
});
