import { articleOf } from '../../diagnostics/article.ts';
import { finding, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { spanText, type Span } from '../../text/source.ts';
import type { Expression } from '../expression.ts';
import { adaptLiteral } from '../resolve/literals.ts';
import { relation } from './relation.ts';
import { retype } from './retype.ts';
import { withoutQuotes } from './literal-text.ts';
import { exampleOf } from './example-of.ts';
import type { Scope } from './scope.ts';
import { shown } from './shown.ts';
import { MAY_BE_NULL, MAY_NOT_FIT, TYPE_MISMATCH } from '../codes/type-codes.ts';
import { describe, describeType, type Type, type Typed } from '../type.ts';

/** Where the wanted type is declared, for a second label. */
export interface Wanted {
  readonly typed: Typed;
  readonly span: Span;
  /** What takes the value: `the field rate`. */
  readonly what: string;
  /** What the value is, where it has a name of its own: `the default of \`rate\``. */
  readonly value?: string;
}

/** The expression as a value of the wanted type; reports what does not fit, once. */
export function assign(expression: Expression, wanted: Wanted, scope: Scope): Expression {
  const { type, nullable } = wanted.typed;
  if (expression.typed.type.kind === 'unknown' || type.kind === 'unknown') return expression;
  const chosen = assignBranches(expression, wanted, scope);
  if (chosen !== undefined)
    return { ...chosen, typed: { type, nullable: nullable && expression.typed.nullable } };
  if (expression.typed.nullable && !nullable) {
    scope.report(
      finding(
        MAY_BE_NULL,
        expression.span,
        `${wanted.what} is ${describe(wanted.typed)}, but this value can be null`,
        {
          label: isNull(expression) ? 'this is null' : `this is ${describe(expression.typed)}`,
          related: [{ span: wanted.span, text: `declared as ${describe(wanted.typed)}` }],
          help: isNull(expression)
            ? `declare ${wanted.what} as \`${describeType(type)}?\`, or write a value`
            : `give a value for null with \`${operand(expression.span)} ?? ${type.kind === 'scalar' || type.kind === 'enum' ? exampleOf(type) : 'value'}\`, or declare ${wanted.what} as \`${describeType(type)}?\``,
        },
      ),
    );
    return expression;
  }
  if (isNull(expression)) return { ...expression, typed: { type, nullable: expression.typed.nullable } };
  const adapted = adaptLiteral(expression, type);
  if (adapted === 'unfit') {
    scope.report(
      finding(MAY_NOT_FIT, expression.span, `this literal is not a value of ${describeType(type)}`, {
        related: [{ span: wanted.span, text: `${wanted.what} is ${describe(wanted.typed)}` }],
        help: allowedValues(type),
      }),
    );
    return expression;
  }
  if (adapted !== undefined) return adapted;
  const fit = relation(expression.typed.type, type);
  if (fit.kind === 'mismatch') {
    const bare = withoutQuotes(expression, type);
    if (bare !== undefined) {
      scope.report(quotedValue(expression, wanted, bare));
      return expression;
    }
    scope.report(
      finding(
        TYPE_MISMATCH,
        expression.span,
        `${wanted.what} is ${describe(wanted.typed)}, but this value is ${describe(expression.typed)}`,
        {
          label: `this is ${describe(expression.typed)}`,
          related: [{ span: wanted.span, text: `declared as ${describe(wanted.typed)}` }],
          help:
            wanted.value !== undefined && expression.kind === 'literal'
              ? `write a literal of the type, for example \`${exampleOf(type)}\``
              : (oneOfList(expression, wanted.typed) ?? inWords(fit.help, expression)),
        },
      ),
    );
    return expression;
  }
  const retyped = retype(expression, type);
  if (retyped !== undefined) return retyped;
  if (fit.kind === 'lossy' || fit.kind === 'narrower') {
    const severity = fit.kind === 'lossy' ? 'error' : 'warning';
    scope.report({
      ...finding(MAY_NOT_FIT, expression.span, `this value may not fit ${wanted.what}: ${fit.why}`, {
        label: `this is ${describe(expression.typed)}`,
        related: [{ span: wanted.span, text: `declared as ${describe(wanted.typed)}` }],
        help:
          fit.kind === 'lossy'
            ? inWords(fit.help, expression)
            : `a message whose value does not fit is rejected; declare \`${largeEnough(expression, nullable)}\` if it should be kept`,
      }),
      severity,
    });
  }
  return convert(expression, type);
}

/** A help with the value itself in place of its first `…`. */
function inWords(help: string | undefined, { span }: Expression): string | undefined {
  return help?.replace('…', () => shown(span));
}

/** A value as it stands before an operator. */
function operand(span: Span): string {
  const text = shown(span);
  return /^[\w.?]+(?:[([].*[)\]])?$|^…$/.test(text) ? text : `(${text})`;
}

/** A column holds one value, and a list has many. */
function oneOfList({ typed: { type }, span }: Expression, wanted: Typed): string | undefined {
  if (type.kind !== 'list' || wanted.type.kind !== 'scalar') return undefined;
  if (relation(type.element, wanted.type).kind === 'mismatch') return undefined;
  const fallback = wanted.nullable ? '' : ` ?? ${exampleOf(wanted.type)}`;
  return `write \`first(${shown(span)})${fallback}\`, or make a row of each element, in a derivation with \`each\``;
}

/** The type that takes every value of an expression. */
function largeEnough({ typed: { type } }: Expression, nullable: boolean): string {
  const longest =
    type.kind === 'enum' ? Math.max(...type.of.members.map(({ value }) => [...value].length)) : 0;
  return `${type.kind === 'enum' ? `text(${longest})` : describeType(type)}${nullable ? '?' : ''}`;
}

/** `"3"` for a number, `"true"` for a bool. */
function quotedValue({ span }: Expression, wanted: Wanted, bare: string): Diagnostic {
  const type = describeType(wanted.typed.type);
  return finding(
    TYPE_MISMATCH,
    span,
    `${wanted.value ?? wanted.what} must be ${articleOf(type)} \`${type}\`, but \`${spanText(span)}\` is a text`,
    {
      label: 'a text, because of the quotes',
      related: [{ span: wanted.span, text: `declared as ${describe(wanted.typed)}` }],
      help: `write \`${bare}\`, without quotes`,
    },
  );
}

/**
 * Of an `if` or a `match` each value by itself, so that a finding marks the one that does not fit; nothing for others.
 * The type that all of them have is not asked: it may be larger than each is.
 */
function assignBranches(node: Expression, wanted: Wanted, scope: Scope): Expression | undefined {
  const assigned = (branch: Expression): Expression => assign(unmet(branch), wanted, scope);
  if (node.kind === 'if') return { ...node, then: assigned(node.then), otherwise: assigned(node.otherwise) };
  if (node.kind !== 'match') return undefined;
  const arms = node.arms.map((arm) => ({ ...arm, value: assigned(arm.value) }));
  if (node.otherwise === undefined) return { ...node, arms };
  return { ...node, arms, otherwise: assigned(node.otherwise) };
}

/** A branch before it took the type that all have in common. */
function unmet(branch: Expression): Expression {
  if (branch.kind === 'convert') return branch.operand;
  return branch.kind === 'literal' ? (branch.written ?? branch) : branch;
}

function isNull(expression: Expression): boolean {
  return (
    expression.typed.type.kind === 'null' || (expression.kind === 'literal' && expression.value === null)
  );
}

/** The same value in another type that it fits; the expression itself where the type is the same. */
export function convert(expression: Expression, to: Type): Expression {
  const from = expression.typed.type;
  if (from.kind === 'unknown' || relation(from, to).kind === 'same') return expression;
  if (from.kind === 'null')
    return { ...expression, typed: { type: to, nullable: expression.typed.nullable } };
  const adapted = adaptLiteral(expression, to);
  if (adapted !== undefined && adapted !== 'unfit') return adapted;
  return {
    kind: 'convert',
    operand: expression,
    from,
    to,
    span: expression.span,
    typed: { type: to, nullable: expression.typed.nullable },
  };
}

function allowedValues(type: Type): string | undefined {
  if (type.kind !== 'enum') return undefined;
  return `${type.of.name} is one of ${type.of.members.map((member) => `"${member.value}"`).join(', ')}`;
}
