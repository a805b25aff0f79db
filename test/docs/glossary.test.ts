import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const page = readFileSync(join(import.meta.dirname, '../../docs/glossary.md'), 'utf8');

test('the glossary defines each term once', () => {
  const terms = [...page.matchAll(/^- \*\*([^*]+)\*\*/gm)].map(([, term = '']) => term.toLowerCase());
  expect(terms.length).toBeGreaterThan(40);
  expect(terms.filter((term, at) => terms.indexOf(term) !== at)).toEqual([]);
});
