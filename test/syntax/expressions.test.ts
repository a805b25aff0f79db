import { expect, test } from 'vitest';
import { spanText } from '../../src/text/source.ts';
import type { ExpressionTree } from '../../src/syntax/expression-tree.ts';
import { onlyOf, shapeOf } from './read.ts';

function expressionOf(text: string): ExpressionTree {
  return onlyOf('fn', `fn f() -> int = ${text}`).body;
}

test.each([
  ['a or b and c', '(a or (b and c))'],
  ['not a and b', '((not a) and b)'],
  ['not a == b', '(not (a == b))'],
  ['a == b ?? c', '(a == (b ?? c))'],
  ['a ?? b + c', '(a ?? (b + c))'],
  ['a + b * c', '(a + (b * c))'],
  ['a - b - c', '((a - b) - c)'],
  ['-a * b', '((- a) * b)'],
  ['- -a.b', '(- (- a.b))'],
  ['(a + b) * c', '((a + b) * c)'],
  ['a.b?.c[d].e', 'a.b?.c[d].e'],
  ['prices[key]?.amount ?? 0', '(prices[key]?.amount ?? 0)'],
  ['if a then b else if c then d else e', '(if a b (if c d e))'],
  ['if a then b else c or d', '(if a b (c or d))'],
  ['f(a, g(), 1)', 'f(a, g(), 1)'],
  ['match x { "A" -> 1  "B" -> 2  else -> 3 }', 'match x { "A" -> 1; "B" -> 2; else -> 3 }'],
  ['match x { -1 -> a - 1  -2 -> b }', 'match x { -1 -> (a - 1); -2 -> b }'],
  ['match s { Status.Open -> true  null -> false }', 'match s { Status.Open -> true; null -> false }'],
  ['now() - 90s', '(now() - 90000ms)'],
  ['12345678901234567890.12345678901234567890', '12345678901234567890.12345678901234567890'],
])('%s is read as %s', (text, shape) => {
  expect(shapeOf(expressionOf(text))).toBe(shape);
});

test('the span of what stands in parentheses includes them', () => {
  const product = expressionOf('(a + b) * c');
  expect(spanText(product.span)).toBe('(a + b) * c');
  expect(product.kind === 'binary' && spanText(product.left.span)).toBe('(a + b)');
  expect(product.kind === 'binary' && spanText(product.operatorSpan)).toBe('*');
});

test('text has its escapes resolved', () => {
  const text = expressionOf('"a\\n\\"\\u00e9\\ud83d\\ude00"');
  expect(text.kind === 'string' && text.value).toBe('a\n"é😀');
});
