import { finding, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { IndexExpression } from '../../syntax/expression-tree.ts';
import { spanText } from '../../text/source.ts';
import { assign } from './assign.ts';
import { UNKNOWN_NAME } from '../codes/codes.ts';
import { unknown, type Expression } from '../expression.ts';
import { readBehind } from './read-behind.ts';
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
  if (target.typed.type.kind === 'list') return scope.report(indexedList(tree));
  scope.report(
    finding(TYPE_MISMATCH, span, `\`[…]\` reads a row of a lookup, but this is ${describe(target.typed)}`, {
      label: 'not a lookup',
      help:
        tree.index.kind === 'string' && /^[A-Za-z_]\w*$/.test(tree.index.value)
          ? `write \`${spanText(span)}.${tree.index.value}\`, without the brackets`
          : known.length === 0
            ? 'leave the brackets out'
            : `lookups are ${known.map((each) => `\`${each}\``).join(', ')}`,
    }),
  );
}

/** `lines[0].sku`: with what is read of the element, which stands behind it. */
function indexedList({ target, index, span }: IndexExpression): Diagnostic {
  const step = readBehind(span);
  const [list, at] = [spanText(target.span), spanText(index.span)];
  const call = at === '0' ? 'first' : /^-\s*1$|count/.test(at) ? 'last' : undefined;
  return finding(
    TYPE_MISMATCH,
    { ...span, end: span.end + step.length },
    `a list has no element \`[${at}]\` that can be read by its place`,
    {
      label: 'as in TypeScript',
      help:
        call === undefined
          ? `write \`first(${list}${step.replace('?', '')})\` or \`last(${list}${step.replace('?', '')})\`, or derive a row from each element`
          : `write \`${call}(${list}${step.replace('?', '')})\``,
    },
  );
}
