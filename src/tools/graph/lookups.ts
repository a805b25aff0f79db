import { walk, type Callable, type Expression } from '../../model/expression.ts';
import type { RecordModel } from '../../model/program.ts';

/** The names of the lookups that a record's values, conditions and checks read, also through functions. */
export function lookupsOf(record: RecordModel): readonly string[] {
  const found = new Set<string>();
  const entered = new Set<Callable>();
  const search = (expression: Expression): void =>
    walk(expression, (node) => {
      if (node.kind === 'lookup') found.add(node.lookup.name);
      if (node.kind !== 'invoke' || entered.has(node.called)) return;
      entered.add(node.called);
      search(node.called.body);
    });
  for (const { origin } of record.fields) if (origin.kind === 'computed') search(origin.value);
  for (const { condition } of record.checks) search(condition);
  for (const condition of [record.where, record.deleteWhen]) if (condition !== undefined) search(condition);
  return [...found];
}
