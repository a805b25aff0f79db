import { finding } from '../diagnostics/diagnostic.ts';
import type { RefModel, StoreModel } from '../model/program.ts';
import { tableName } from '../model/table-name.ts';
import { relation } from '../model/infer/relation.ts';
import { describeType } from '../model/type.ts';
import type { Check } from './check.ts';
import { constraintOn, listed, resolved } from './constraint-columns.ts';

export const refTarget: Check = {
  description: {
    code: 'NOM206',
    severity: 'error',
    title: 'a ref does not point at a key or unique of its target, or the types differ',
    explanation: `A foreign key points at columns that identify one row of the target: exactly those of a \`key\` or \`unique\`,
with the same types.

\`\`\`nom
ref (customer_name) -> Customer (name)                       // wrong where name is no key
ref (customer_key) -> Customer (customer_key)                // right
\`\`\`

The rule also applies to \`soft\` refs, so that you can make them hard later.`,
  },
  run: (program, report) => {
    for (const store of program.stores) {
      if (store.record.broken) continue;
      for (const ref of store.refs) {
        if (ref.target === undefined || ref.target.broken) continue;
        if (!resolved(ref.columns) || !resolved(ref.targetColumns)) continue;
        const problem = problemOf(ref, program.storeOf.get(ref.target));
        if (problem !== undefined)
          report(
            finding(refTarget.description, ref.span, `this ref of ${tableName(store)} ${problem.message}`, {
              help: problem.help,
            }),
          );
      }
    }
  },
};

function problemOf(
  ref: RefModel,
  target: StoreModel | undefined,
): { message: string; help?: string } | undefined {
  const name = ref.targetName.name;
  if (target === undefined) return { message: `points at ${name}, which is not stored` };
  if (ref.columns.length !== ref.targetColumns.length)
    return { message: `pairs ${ref.columns.length} columns with ${ref.targetColumns.length}` };
  if (constraintOn(target, ref.targetColumns) === undefined) {
    const keys = target.keys.map((key) => listed(key.columns));
    return {
      message: `points at ${listed(ref.targetColumns)}, which is not a \`key\` or \`unique\` of ${tableName(target)}`,
      ...(keys.length === 0 ? {} : { help: `refer to ${keys.join(' or ')} instead` }),
    };
  }
  for (const [at, column] of ref.columns.entries()) {
    const from = column.field?.type.type;
    const to = ref.targetColumns[at]?.field?.type.type;
    if (from === undefined || to === undefined) continue;
    const fit = relation(from, to).kind;
    if (fit !== 'same' && fit !== 'wider' && fit !== 'narrower')
      return {
        message: `pairs \`${column.name}\`, ${describeType(from)}, with \`${ref.targetColumns[at]?.name ?? ''}\`, ${describeType(to)}`,
        help: 'both columns need the same type',
      };
  }
  return undefined;
}
