import { expect, test } from 'vitest';
import { contents } from '../../site/contents.ts';
import { analyze } from '../../src/checks/analyze.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import { formatFile } from '../../src/syntax/print/format.ts';
import { runTests } from '../../src/tools/testing/run.ts';
import { type Block, blocksOf, pages, readPage } from './blocks.ts';

/** The examples of generated pages are tested where they come from; `language.test.ts` has the page of the language. */
const written = pages.filter((page) => !page.startsWith('docs/reference/') && page !== 'docs/language.md');
const blocks = written.flatMap((page) => blocksOf(page));

/** The pages that people follow. */
const learned = contents
  .filter(({ title }) => ['Tutorial', 'How to'].includes(title))
  .flatMap(({ pages }) => pages.map(({ path }) => `docs/${path}.md`));

const of = (language: string) => (block: Block) => block.language === language;
const named = (block: Block) => [`${block.page}, line ${block.line}`, block] as const;

/** The file of a page that another block holds. */
function fileOf({ page }: Block): (path: string) => string | undefined {
  return (path) => blocks.findLast((block) => block.page === page && block.settings['file'] === path)?.text;
}

/** What the tests in a program find wrong. */
function failuresIn(
  name: string,
  text: string,
  read: (path: string) => string | undefined,
): readonly string[] {
  const { accepted, findings, program } = analyze({ name, text }, read);
  if (!accepted) return [renderText(findings)];
  const results = runTests(program, compilePlan(program, name), (path) => {
    const found = read(path);
    return found === undefined ? { problem: `${path} is not on the page` } : { bytes: Buffer.from(found) };
  });
  return results.flatMap(({ failures }) => failures.map(({ message }) => message));
}

test.each(blocks.filter(of('nom')).map(named))('the program of %s is what the page says', (_, block) => {
  const source = { name: block.settings['file'] ?? 'page.nom', text: block.text };
  const { accepted, findings } = analyze(source, fileOf(block));
  const code = block.words[0] === 'rejected' ? block.words[1] : undefined;
  expect(code === undefined ? renderText(findings) : findings.map((each) => each.code).join(' ')).toBe(
    code ?? '',
  );
  const formatted = formatFile(source);
  expect(formatted.kind === 'formatted' ? formatted.text : 'refused').toBe(block.text);
  expect(accepted ? failuresIn(source.name, block.text, fileOf(block)) : []).toEqual([]);
});

/** The program that a message of a page is for: the nearest one above it; without one, that of the tutorial. */
function programFor({ page, line }: Block): Block | undefined {
  const programs = blocks.filter((block) => block.language === 'nom' && block.words[0] !== 'rejected');
  return (
    programs.findLast((block) => block.page === page && block.line < line) ??
    programs.findLast((block) => block.page === 'docs/tutorial.md')
  );
}

test.each(blocks.filter(of('json')).map(named))('%s is JSON, and a message where it says so', (_, block) => {
  expect(() => void JSON.parse(block.text)).not.toThrow();
  const entity = block.settings['entity'];
  if (entity === undefined) return;
  const program = programFor(block);
  const text = `${program?.text}\ntest "message" { given ${entity} "message.json" }\n`;
  expect(failuresIn('page.nom', text, () => block.text)).toEqual([]);
});

test('a command that no test runs says why', () => {
  const silent = blocks.filter(({ settings }) => (settings['not-run'] ?? 'a reason').trim().length < 8);
  expect(silent.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
});

/** Only fenced blocks say what they are, so only these can be run. */
test.each(learned)('the commands of %s are in fences', (page) => {
  const text = readPage(page).replaceAll(/^([ ]*)```[\s\S]*?^\1```$/gm, '');
  expect([...text.matchAll(/(?<=\n\n)(?: {4}|\t)(?! *[-*|\d]).*/g)].map(([line]) => line)).toEqual([]);
});

test.each(learned)('%s ends with what to do next', (page) => {
  expect(readPage(page)).toMatch(/\n## What next\n\n(?:- .*\n(?:  .*\n)*)+$/);
});
