import { finding } from '../diagnostics/diagnostic.ts';
import type { ColumnName, RefModel, StoreModel } from '../model/program.ts';
import { tableName } from '../model/table-name.ts';
import { relation } from '../model/infer/relation.ts';
import { describeType, type Type } from '../model/type.ts';
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
        const target = program.storeOf.get(ref.target);
        if (target !== undefined && lacksKey(target, ref)) continue;
        const problem = problemOf(ref, target);
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
    const fitting = target.keys.filter(
      ({ columns }) => columns.length === ref.columns.length && misfit(ref, columns) === undefined,
    );
    const unique = `add \`unique ${listed(ref.targetColumns)}\` to the store ${tableName(target)}`;
    return {
      message: `points at ${listed(ref.targetColumns)}, which is not a \`key\` or \`unique\` of ${tableName(target)}`,
      help:
        fitting.length === 0
          ? unique
          : `refer to ${fitting.map((key) => `\`${listed(key.columns)}\``).join(' or ')} instead, or ${unique}`,
    };
  }
  const odd = misfit(ref, ref.targetColumns);
  if (odd === undefined) return undefined;
  const { column, from, target: other, to } = odd;
  return {
    message: `pairs \`${column}\`, ${describeType(from)}, with \`${other}\`, ${describeType(to)}`,
    help: `both columns need the same type: declare \`${column}\` as \`${describeType(to)}\``,
  };
}

/** The first column whose values cannot be those of the column that it is paired with. */
function misfit(
  ref: RefModel,
  targets: readonly ColumnName[],
): { readonly column: string; readonly from: Type; readonly target: string; readonly to: Type } | undefined {
  for (const [at, column] of ref.columns.entries()) {
    const from = column.field?.type.type;
    const to = targets[at]?.field?.type.type;
    if (from === undefined || to === undefined) continue;
    const fit = relation(from, to).kind;
    if (fit !== 'same' && fit !== 'wider' && fit !== 'narrower')
      return { column: column.name, from, target: targets[at]?.name ?? '', to };
  }
  return undefined;
}

/** Then the upsert of the target says what is missing, NOM201. */
function lacksKey(target: StoreModel, ref: RefModel): boolean {
  const { upsert } = target;
  if (upsert === undefined || constraintOn(target, upsert.columns) !== undefined) return false;
  const wanted = new Set(ref.targetColumns.map(({ name }) => name));
  return upsert.columns.length === wanted.size && upsert.columns.every(({ name }) => wanted.has(name));
}
