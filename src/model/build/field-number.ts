import { finding, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { FieldTree } from '../../syntax/tree.ts';
import { spanText } from '../../text/source.ts';
import { TYPE_MISMATCH } from '../codes/type-codes.ts';
import type { Expression } from '../expression.ts';
import { relation } from '../infer/relation.ts';
import { describe, type Typed } from '../type.ts';

const NUMBERS = new Set(['int', 'bigint', 'decimal', 'float']);

/** `note: text = 2` of Protobuf: the number is no value of the field. Nothing where it can be one. */
export function fieldNumber(
  tree: FieldTree,
  value: Expression,
  declared: Typed | undefined,
): Diagnostic | undefined {
  if (declared === undefined || tree.type === undefined || tree.value?.kind !== 'number') return undefined;
  if (!/^\d+$/.test(tree.value.text) || declared.type.kind === 'unknown') return undefined;
  if (declared.type.kind === 'scalar' && NUMBERS.has(declared.type.column.name)) return undefined;
  if (relation(value.typed.type, declared.type).kind !== 'mismatch') return undefined;
  const { name, type } = tree;
  const { span } = tree.value;
  return finding(
    TYPE_MISMATCH,
    { ...span, start: name.span.start },
    `the field ${name.text} is ${describe(declared)}, but \`= ${tree.value.text}\` gives it the value ${tree.value.text}`,
    {
      label: 'as in Protobuf',
      help: `write \`${name.text}: ${spanText(type.span)}\`: fields have no numbers`,
    },
  );
}
