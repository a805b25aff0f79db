import { finding } from '../../diagnostics/diagnostic.ts';
import { convert } from './assign.ts';
import type { Expression } from '../expression.ts';
import { adaptLiteral } from '../resolve/literals.ts';
import { join } from './relation.ts';
import type { Scope } from './scope.ts';
import { TYPE_MISMATCH } from '../codes/type-codes.ts';
import { withoutQuotes } from './literal-text.ts';
import { shortText } from './shown.ts';
import { describe, isUnknown, scalarName, type Type } from '../type.ts';

export interface Sides {
  readonly left: Expression;
  readonly right: Expression;
  readonly type: Type;
}

/** Brings two expressions to their common type; a literal takes the other's type where its value fits. */
export function meet(left: Expression, right: Expression, message: string, scope: Scope): Sides | undefined {
  if (isUnknown(left.typed) || isUnknown(right.typed)) return undefined;
  const a = asked(left, right.typed.type);
  const b = asked(right, a.typed.type);
  const type = join(a.typed.type, b.typed.type);
  if (type !== undefined) return { left: convert(a, type), right: convert(b, type), type };
  scope.report(
    finding(TYPE_MISMATCH, right.span, `${message}: ${describe(left.typed)} and ${describe(right.typed)}`, {
      label: `this is ${describe(right.typed)}`,
      related: [{ span: left.span, text: `this is ${describe(left.typed)}` }],
      help: writtenOtherwise(right, left) ?? writtenOtherwise(left, right),
    }),
  );
  return undefined;
}

/** A literal with quotes too many or too few for the value beside it, as it should be. */
function writtenOtherwise(side: Expression, other: Expression): string | undefined {
  if (side.kind !== 'literal') return undefined;
  const bare = withoutQuotes(side, other.typed.type);
  if (bare !== undefined) return `write \`${bare}\`, without quotes`;
  const text = shortText(side.span);
  const isNumber = text !== undefined && /^-?[\d.]+$/.test(text);
  return isNumber && scalarName(other.typed.type) === 'text' ? `write \`"${text}"\`` : undefined;
}

export function asked(expression: Expression, type: Type): Expression {
  const adapted = adaptLiteral(expression, type);
  return adapted === undefined || adapted === 'unfit' ? expression : adapted;
}
