import { finding } from '../../diagnostics/diagnostic.ts';
import type { CallExpression } from '../../syntax/expression-tree.ts';
import { assign } from './assign.ts';
import { unknown, type Expression } from '../expression.ts';
import type { Infer, Scope } from './scope.ts';
import { RECURSION } from '../codes/type-codes.ts';
import { UNKNOWN } from '../type.ts';
import { wrongArity } from './wrong-arity.ts';

/** A call of a declared function: its arguments, then its body over them. Nothing where no function has the name. */
export function inferUserCall(tree: CallExpression, scope: Scope, inferIn: Infer): Expression | undefined {
  const called = scope.functions?.find(tree.callee.text);
  if (called === undefined) return undefined;
  // Nobody knows the parameters of a function that could not be read.
  if (called !== 'open' && called.tree.broken) return unknown(tree.span);
  if (called === 'open') {
    scope.report(
      finding(RECURSION, tree.span, `\`${tree.callee.text}\` calls itself`, {
        help: 'a function is made of others, never of itself: a calculation always ends',
      }),
    );
    return unknown(tree.span);
  }
  const count = called.parameters.length;
  const odd = wrongArity(tree, {
    min: count,
    max: count,
    text: count === 0 ? 'no' : String(count),
    parameters: () => called.parameters.map(({ name }) => ({ name, example: name })),
    declared: called.tree.name.span,
  });
  if (odd !== undefined) {
    scope.report(odd);
    return unknown(tree.span);
  }
  const values = tree.arguments.map((argument, at) => {
    const parameter = called.parameters[at];
    const typed = parameter?.row ?? UNKNOWN;
    const span = called.tree.parameters[at]?.type.span ?? called.tree.name.span;
    const what = `the parameter ${parameter?.name ?? ''} of ${called.name}`;
    return assign(inferIn(argument, scope), { typed, span, what }, scope);
  });
  if (called.result.type.kind === 'unknown') return unknown(tree.span);
  return {
    kind: 'invoke',
    called,
    arguments: values,
    metaSlot: scope.aliases.length + 1,
    span: tree.span,
    typed: called.result,
  };
}
