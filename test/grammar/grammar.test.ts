import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cstTypes } from '../../grammar/cst-types.ts';
import { NomParser, nomParser } from '../../grammar/parser.ts';
import { reservedWords, tokenize, validateTokens } from '../../grammar/tokens.ts';
import { expectGolden } from '../support/golden.ts';

test('every token pattern is sound and can be told by its first characters', () => {
  expect(validateTokens).not.toThrow();
});

test('the grammar has no two readings of a text: two tokens tell every choice', () => {
  expect(() => new NomParser(true)).not.toThrow();
});

test('the types of the concrete syntax are those of the rules', () => {
  const types = cstTypes();
  expectGolden('../../grammar/cst.ts', types);
  expect(types).toContain('export type FileCst');
});

test('the one parser is built once', () => {
  expect(nomParser()).toBe(nomParser());
});

test('the single-file bundle of the parser library is there, as start-up time rests on it', () => {
  expect(existsSync(new URL('../chevrotain.mjs', import.meta.resolve('chevrotain')))).toBe(true);
});

test('exactly ten words are reserved', () => {
  expect([...reservedWords].sort()).toEqual(
    ['and', 'else', 'false', 'if', 'match', 'not', 'null', 'or', 'then', 'true'].sort(),
  );
});

test.each([
  ['1s..1m', ['DurationLiteral', 'Range', 'DurationLiteral']],
  ['...Line', ['Spread', 'Identifier']],
  ['1.5 1e400 0', ['NumberLiteral', 'NumberLiteral', 'NumberLiteral']],
  ['text?...Line', ['Identifier', 'Question', 'Spread', 'Identifier']],
  ['visit?.unit ?? x', ['Identifier', 'QuestionDot', 'Identifier', 'QuestionQuestion', 'Identifier']],
  ['nulls null nullable', ['Nulls', 'Null', 'Identifier']],
  ['500ms 30s 64MB', ['DurationLiteral', 'DurationLiteral', 'SizeLiteral']],
  ['a->b >= c', ['Identifier', 'Arrow', 'Identifier', 'GreaterEqual', 'Identifier']],
  ['"a \\" b" "//"', ['TextLiteral', 'TextLiteral']],
])('%s is read as the words that it shows', (text, names) => {
  expect(tokenize(text).tokens.map(({ tokenType }) => tokenType.name)).toEqual(names);
});
