import { finding, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { FieldTree } from '../../syntax/tree.ts';
import { TYPE_MISMATCH } from '../codes/type-codes.ts';
import { infer } from '../infer/infer.ts';
import { numberDomain } from '../infer/relation.ts';
import type { Scope } from '../infer/scope.ts';
import { shown } from '../infer/shown.ts';
import { describe, isUnknown, scalarName, type Typed } from '../type.ts';

/**
 * `half: int = a / 2`: whole numbers have a quotient with fraction digits, so the field needs another type too. Nothing where
 * the field is none of that kind.
 */
export function quotientField(tree: FieldTree, declared: Typed, scope: Scope): Diagnostic | undefined {
  const { name, value } = tree;
  if (value?.kind !== 'binary' || value.operator !== '/' || !WHOLE.has(scalarName(declared.type) ?? ''))
    return undefined;
  const quiet: Scope = { ...scope, report: () => {} };
  const [left, right] = [infer(value.left, quiet), infer(value.right, quiet)];
  const domain = numberDomain(left.typed.type, right.typed.type);
  if (domain === undefined || domain === 'float') return undefined;
  const call = {
    kind: 'call',
    callee: { text: 'div', span: value.operatorSpan },
    arguments: [value.left, value.right, { kind: 'number', text: '2', span: value.operatorSpan }],
    span: value.span,
  } as const;
  const quotient = infer(call, quiet);
  if (isUnknown(quotient.typed)) return undefined;
  const written = `${name.text}: ${describe(quotient.typed)} = div(${shown(value.left.span)}, ${shown(value.right.span)}, 2)`;
  return finding(
    TYPE_MISMATCH,
    { ...name.span, end: value.span.end },
    `a quotient of whole numbers has fraction digits, but \`${name.text}\` is ${describe(declared)}`,
    { label: 'exact numbers have their own division', help: `write \`${written}\`` },
  );
}

const WHOLE = new Set(['int', 'bigint']);
