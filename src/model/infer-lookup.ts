import { finding } from '../diagnostics/diagnostic.ts';
import type { IndexExpression } from '../syntax/tree.ts';
import { assign } from './assign.ts';
import { unknown, type Expression } from './expression.ts';
import type { Infer, Scope } from './scope.ts';
import { suggestion } from './suggestion.ts';
import { TYPE_MISMATCH } from './type-codes.ts';

/** `Countries[code]`: the row of that key, null where there is none or the key is null. */
export function inferLookup(tree: IndexExpression, scope: Scope, infer: Infer): Expression {
  const name = tree.target.kind === 'name' ? tree.target.name.text : '';
  const lookup = scope.lookups?.get(name);
  if (lookup === undefined) {
    const help = suggestion(name, [...(scope.lookups?.keys() ?? [])]);
    scope.report(
      finding(TYPE_MISMATCH, tree.target.span, '`[…]` reads a row of a lookup, and this is none', { help }),
    );
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
