import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import type { OrderedTree } from '../../syntax/tree.ts';
import { UNKNOWN_FIELD } from '../codes/codes.ts';
import { distinctNames } from '../resolve/distinct-names.ts';
import type { ColumnName, OrderingModel, RecordModel } from '../program.ts';
import { suggestion } from '../suggestion.ts';
import { onceInEntity } from './once-in-entity.ts';

const ORDERED = { words: 'ordered by', twice: 'put all the fields into one, `ordered by (a, b)`' };

/** The `ordered by` of a record with its fields found; nothing where it has none or may have none. */
export function resolveOrdering(record: RecordModel, report: Report): OrderingModel | undefined {
  const tree = onceInEntity<OrderedTree>(record, 'ordered', ORDERED, report);
  if (tree === undefined) return undefined;
  return { fields: fieldsOf(tree, record, record.broken ? () => {} : report), tree };
}

function fieldsOf(tree: OrderedTree, record: RecordModel, report: Report): readonly ColumnName[] {
  return distinctNames(tree.fields, report).map((name): ColumnName => {
    const field = record.fields.find((each) => each.name === name.text);
    if (field !== undefined) return { name: name.text, span: name.span, field };
    report(
      finding(UNKNOWN_FIELD, name.span, `${record.name} has no field \`${name.text}\``, {
        label: 'not declared',
        help: suggestion(
          name.text,
          record.fields.map((each) => each.name),
        ),
      }),
    );
    return { name: name.text, span: name.span };
  });
}
