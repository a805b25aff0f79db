import { finding } from '../diagnostics/diagnostic.ts';
import { functions } from '../functions/registry.ts';
import type { CallExpression } from '../syntax/tree.ts';
import { UNKNOWN_FUNCTION } from './codes.ts';
import { unknown, type Expression } from './expression.ts';
import { INT } from './literals.ts';
import type { Infer, Scope } from './scope.ts';
import { suggestion } from './suggestion.ts';
import { TYPE_MISMATCH } from './type-codes.ts';
import { describe, isUnknown } from './type.ts';

export function inferCall(tree: CallExpression, scope: Scope, infer: Infer): Expression {
  const definition = functions.get(tree.callee.text);
  const values = tree.arguments.map((argument) => infer(argument, scope));
  if (definition === undefined) {
    scope.report(
      finding(
        UNKNOWN_FUNCTION,
        tree.callee.span,
        `there is no function \`${tree.callee.text}\` in this version`,
        {
          help: suggestion(tree.callee.text, [...functions.keys()]),
        },
      ),
    );
    return unknown(tree.span);
  }
  if (values.length !== definition.parameters.length) {
    scope.report(
      finding(
        UNKNOWN_FUNCTION,
        tree.span,
        `\`${definition.name}\` takes ${definition.parameters.length} argument, this call has ${values.length}`,
        { help: `its signature is \`${definition.signature}\`` },
      ),
    );
    return unknown(tree.span);
  }
  const wrong = values.find((value) => !isUnknown(value.typed) && value.typed.type.kind !== 'list');
  if (wrong !== undefined) {
    scope.report(
      finding(
        TYPE_MISMATCH,
        wrong.span,
        `\`${definition.name}\` takes a list, but this is ${describe(wrong.typed)}`,
      ),
    );
    return unknown(tree.span);
  }
  return {
    kind: 'call',
    callee: definition.name,
    arguments: values,
    span: tree.span,
    typed: { type: INT, nullable: values.some((value) => value.typed.nullable) },
  };
}
