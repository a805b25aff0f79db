import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { tokenize } from '../../grammar/tokens.ts';
import { chunksOf } from '../../src/syntax/chunks.ts';
import { parseFile } from '../../src/syntax/parse.ts';

/*
 * Habits are searched in all of a declaration that cannot be read. What is right in it must not be taken for one: a fault
 * at the end of a declaration brings no finding about what stands before it.
 */

const pipelines = new URL('../../pipelines/', import.meta.url);

const files = readdirSync(pipelines, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.nom'))
  .map((name) => ({ name, text: readFileSync(new URL(name, pipelines), 'utf8') }));

/** The declarations of a file that end in a brace, each with a fault before it. */
function faulty({ name, text }: { readonly name: string; readonly text: string }) {
  return chunksOf({ name, text }, tokenize(text).tokens).flatMap(({ start, tokens }) => {
    const [before, last] = tokens.slice(-2);
    if (before === undefined || last?.image !== '}') return [];
    const end = before.startOffset + before.image.length;
    return [{ text: `${text.slice(start, end)}\n  =\n}`, end: end - start }];
  });
}

test.each(files)('a fault in $name is the only one', (file) => {
  const wrong = faulty(file).flatMap(({ text, end }) => {
    const messages: string[] = [];
    parseFile({ name: file.name, text, whole: file.text }, ({ severity, message, primary }) => {
      if (severity === 'error' && primary.span.end < end) messages.push(`${message}: ${text}`);
    });
    return messages;
  });
  expect(wrong).toEqual([]);
});
