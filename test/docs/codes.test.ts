import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generatedFiles } from '../../docs/pages/generated.ts';
import { FAILURES } from '../../src/ports/failure.ts';
import { PROBLEM_STATUS } from '../../src/http/problem.ts';
import { rejectionCodes } from '../../src/types/rejection-codes.ts';
import { readTree } from '../architecture/source-tree.ts';

const pages = await generatedFiles();
const source = readTree(join(import.meta.dirname, '../..'), 'src');

/** The tables that declare codes are no use of them; a type that lists them is none either. */
const tables = /\/(failure|problem|rejection-codes|types\/value)\.ts$/;
const used = source
  .filter(({ path }) => !tables.test(path) && !path.startsWith('src/tools/'))
  .map(({ text }) => text);

const headings = (name: string): readonly string[] =>
  [...(pages.get(`docs/reference/${name}.md`) ?? '').matchAll(/^## (.*)$/gm)].map(([, title = '']) =>
    title.replaceAll('\\', ''),
  );

test.each([
  ['failures', FAILURES],
  ['problems', PROBLEM_STATUS],
])('the page of %s has a section for each code, and for no other', (name, table) => {
  expect(headings(name)).toEqual(Object.keys(table));
});

test('the page of types has a row for each code of a refused message, and for no other', () => {
  const section =
    (pages.get('docs/reference/types.md') ?? '').split('## Codes of rejected messages')[1] ?? '';
  expect([...section.matchAll(/^\| `(\w+)`/gm)].map(([, code = '']) => code)).toEqual(
    Object.keys(rejectionCodes),
  );
});

/** That no other code is used is checked by the compiler: constructors take only the codes of the tables. */
test.each([
  ['failure', FAILURES],
  ['problem', PROBLEM_STATUS],
  ['refused message', rejectionCodes],
])('every code of a %s is used somewhere', (_, table) => {
  const dead = Object.keys(table).filter((code) => !used.some((text) => text.includes(`'${code}'`)));
  expect(dead).toEqual([]);
});
