import { expect } from 'vitest';
import { parseFile } from '../../src/syntax/parse.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import type { ExpressionTree } from '../../src/syntax/expression-tree.ts';
import type { Declaration } from '../../src/syntax/tree.ts';

/** The declarations of a text that has no fault of syntax. */
export function declarationsOf(text: string): readonly Declaration[] {
  const findings: Diagnostic[] = [];
  const tree = parseFile({ name: 'test.nom', text }, (finding) => findings.push(finding));
  expect(renderText(findings)).toBe('');
  return tree.declarations;
}

/** The only declaration of a text, which must be of the kind. */
export function onlyOf<Kind extends Declaration['kind']>(
  kind: Kind,
  text: string,
): Extract<Declaration, { kind: Kind }> {
  const [first, ...more] = declarationsOf(text);
  if (first?.kind !== kind || more.length > 0) throw new Error(`not one ${kind}`);
  return first as Extract<Declaration, { kind: Kind }>;
}

/** An expression with full parentheses, so that its structure shows. */
export function shapeOf(expression: ExpressionTree): string {
  switch (expression.kind) {
    case 'binary':
      return `(${shapeOf(expression.left)} ${expression.operator} ${shapeOf(expression.right)})`;
    case 'unary':
      return `(${expression.operator} ${shapeOf(expression.operand)})`;
    case 'if':
      return `(if ${[expression.condition, expression.then, expression.otherwise].map(shapeOf).join(' ')})`;
    case 'member':
      return `${shapeOf(expression.target)}${expression.optional ? '?.' : '.'}${expression.name.text}`;
    case 'index-of':
      return `${shapeOf(expression.target)}[${shapeOf(expression.index)}]`;
    case 'call':
      return `${expression.callee.text}(${expression.arguments.map(shapeOf).join(', ')})`;
    case 'match': {
      const arms = expression.arms.map((arm) => `${shapeOf(arm.pattern)} -> ${shapeOf(arm.value)}`);
      const otherwise =
        expression.otherwise === undefined ? [] : [`else -> ${shapeOf(expression.otherwise)}`];
      return `match ${shapeOf(expression.subject)} { ${[...arms, ...otherwise].join('; ')} }`;
    }
    case 'name':
      return expression.name.text;
    case 'string':
      return JSON.stringify(expression.value);
    case 'number':
      return expression.text;
    case 'boolean':
      return String(expression.value);
    case 'null':
      return 'null';
    case 'duration':
      return `${expression.milliseconds}ms`;
    case 'missing':
      return '<missing>';
  }
}
