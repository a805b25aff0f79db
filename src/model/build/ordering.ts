import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import type { OrderedTree } from '../../syntax/tree.ts';
import { MISPLACED_DECLARATION, UNKNOWN_FIELD } from '../codes/codes.ts';
import { distinctNames } from '../resolve/distinct-names.ts';
import type { ColumnName, OrderingModel, RecordModel } from '../program.ts';
import { suggestion } from '../suggestion.ts';

/** The `ordered by` of a record with its fields found; nothing where it has none or may have none. */
export function resolveOrdering(record: RecordModel, report: Report): OrderingModel | undefined {
  const quiet: Report = record.broken ? () => {} : report;
  const trees = record.tree.members.filter((member) => member.kind === 'ordered');
  const [tree, second] = trees;
  if (tree === undefined) return undefined;
  if (record.tree.kind !== 'entity') {
    for (const { span } of trees) reportNoEntity(record, span, quiet);
    return undefined;
  }
  if (second !== undefined)
    quiet(
      finding(MISPLACED_DECLARATION, second.span, `${record.name} has a second \`ordered by\``, {
        related: [{ span: tree.span, text: 'the first' }],
        help: 'put all the fields into one, `ordered by (a, b)`',
      }),
    );
  return { fields: fieldsOf(tree, record, quiet), tree };
}

function reportNoEntity(record: RecordModel, span: OrderedTree['span'], report: Report): void {
  const what =
    record.tree.kind === 'shape' ? `the shape ${record.name}` : `the derived entity ${record.name}`;
  report(
    finding(
      MISPLACED_DECLARATION,
      span,
      `\`ordered by\` belongs in an entity, and ${what} is not a message`,
      { help: 'move it to the entity that arrives' },
    ),
  );
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
