import { finding } from '../../diagnostics/diagnostic.ts';
import type { CallExpression } from '../../syntax/expression-tree.ts';
import { assign } from './assign.ts';
import { MISPLACED_SKIP } from '../codes/codes.ts';
import { unknown, type Expression } from '../expression.ts';
import { meet } from './meet.ts';
import { scalar } from '../resolve/literals.ts';
import type { Infer, Scope } from './scope.ts';
import { specialForms, type SpecialFormName } from '../special-forms.ts';
import { isUnknown, NEVER } from '../type.ts';
import { type Arity, wrongArity } from './wrong-arity.ts';

interface SpecialForm {
  readonly parameters: ReturnType<Arity['parameters']>;
  readonly infer: (tree: CallExpression, scope: Scope, infer: Infer) => Expression;
}

const forms: Readonly<Record<SpecialFormName, SpecialForm>> = {
  fail: { parameters: [{ name: 'reason', example: '"why"' }], infer: inferFail },
  skip: { parameters: [], infer: inferSkip },
  try: {
    parameters: [
      { name: 'value', example: 'value' },
      { name: 'fallback', example: 'null' },
    ],
    infer: inferTry,
  },
};

/** The call as a special form, or nothing where its name is none. */
export function inferSpecial(tree: CallExpression, scope: Scope, infer: Infer): Expression | undefined {
  const name = specialForms.find((each) => each === tree.callee.text);
  if (name === undefined) return undefined;
  const form = forms[name];
  const { parameters } = form;
  const count = parameters.length;
  const text = count === 0 ? 'no' : String(count);
  const odd = wrongArity(tree, { min: count, max: count, text, parameters: () => parameters });
  if (odd === undefined) return form.infer(tree, scope, infer);
  scope.report(odd);
  return unknown(tree.span);
}

/** `fail("why")` rejects the message. */
function inferFail(tree: CallExpression, scope: Scope, infer: Infer): Expression {
  const [argument] = tree.arguments;
  if (argument === undefined) return unknown(tree.span);
  const wanted = { type: scalar('text'), nullable: false };
  const reason = assign(
    infer(argument, scope),
    { typed: wanted, span: tree.callee.span, what: 'the reason of `fail`' },
    scope,
  );
  return { kind: 'fail', reason, span: tree.span, typed: NEVER };
}

/** `skip()` drops the row that is being derived. */
function inferSkip(tree: CallExpression, scope: Scope): Expression {
  if (scope.skippable !== true)
    scope.report(
      finding(MISPLACED_SKIP, tree.span, '`skip()` drops a derived row, and here is none', {
        help: 'reject the message with `fail("why")`, or let the field be null',
      }),
    );
  return { kind: 'skip', span: tree.span, typed: NEVER };
}

/** `try(value, fallback)` gives the fallback where the value cannot be computed. */
function inferTry(tree: CallExpression, scope: Scope, infer: Infer): Expression {
  const [first, second] = tree.arguments.map((argument) => infer(argument, scope));
  if (first === undefined || second === undefined || isUnknown(first.typed)) return unknown(tree.span);
  const sides = meet(first, second, 'both sides of `try` must be of one type', scope);
  if (sides === undefined) return unknown(tree.span);
  return {
    kind: 'try',
    operand: sides.left,
    fallback: sides.right,
    span: tree.span,
    typed: { type: sides.type, nullable: first.typed.nullable || second.typed.nullable },
  };
}
