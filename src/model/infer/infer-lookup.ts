import { finding } from '../../diagnostics/diagnostic.ts';
import type { IndexExpression } from '../../syntax/expression-tree.ts';
import { assign } from './assign.ts';
import { UNKNOWN_NAME } from '../codes/codes.ts';
import { unknown, type Expression } from '../expression.ts';
import type { Infer, Scope } from './scope.ts';
import { suggestion } from '../suggestion.ts';
import { TYPE_MISMATCH } from '../codes/type-codes.ts';
import { describe } from '../type.ts';

/** `Countries[code]`: the row of that key, null where there is none or the key is null. */
export function inferLookup(tree: IndexExpression, scope: Scope, infer: Infer): Expression {
  const name = tree.target.kind === 'name' ? tree.target.name.text : '';
  const lookup = scope.lookups?.get(name);
  if (lookup === undefined) {
    reportNoLookup(tree, name, scope, infer);
    return unknown(tree.span);
  }
  const field = lookup.fields[lookup.key];
  if (field === undefined || lookup.tree.broken) return unknown(tree.span);
  const key = assign(
    infer(tree.index, scope),
    {
      typed: { type: field.type.type, nullable: true },
      span: lookup.tree.name.span,
      what: `the key of ${lookup.name}`,
    },
    scope,
  );
  return {
    kind: 'lookup',
    lookup,
    key,
    span: tree.span,
    typed: { type: { kind: 'record', of: lookup }, nullable: true },
  };
}

function reportNoLookup(tree: IndexExpression, name: string, scope: Scope, infer: Infer): void {
  const { span } = tree.target;
  const known = [...(scope.lookups?.keys() ?? [])];
  const isValue = scope.aliases.some((alias) => alias.name === name) || (scope.own?.indexOf(name) ?? -1) >= 0;
  if (name !== '' && !isValue)
    return scope.report(
      finding(UNKNOWN_NAME, span, `there is no lookup \`${name}\``, {
        label: 'not declared',
        help: suggestion(name, known),
      }),
    );
  const target = infer(tree.target, scope);
  if (target.typed.type.kind === 'unknown') return;
  const isList = target.typed.type.kind === 'list';
  scope.report(
    finding(TYPE_MISMATCH, span, `\`[…]\` reads a row of a lookup, but this is ${describe(target.typed)}`, {
      help: isList ? 'take `first(…)` or `last(…)` of a list, or derive a row from each element' : undefined,
    }),
  );
}
