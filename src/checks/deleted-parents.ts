import { finding } from '../diagnostics/diagnostic.ts';
import type { RefModel, StoreModel } from '../model/program.ts';
import { tableName } from '../model/table-name.ts';
import type { Check } from './check.ts';
import { listed, resolved } from './constraint-columns.ts';

export const deletedParents: Check = {
  description: {
    code: 'NOM213',
    severity: 'warning',
    title: 'a `delete when` fails while other rows refer to the deleted row',
    explanation: `While a hard \`ref\` points at a row, Postgres does not delete the row. A message that deletes it is retried, and becomes a
dead letter when its attempts are spent.

\`\`\`nom
derive OrderLine from Order as o, each o.lines as line {
  …
  store order_lines { …  ref (order_id) -> Order (id) }                        // the lines block the deletion
  store order_lines { …  ref (order_id) -> Order (id)  prune by (order_id) }   // the lines are deleted first
}
\`\`\`

With \`prune by\` on the columns of the ref, or with their own \`delete when\`, the rows of the same message are deleted first. If
other messages write the rows, make the ref \`soft\`. Or allow this warning, and delete the children before their parent.`,
  },
  run: (program, report) => {
    for (const child of program.stores) {
      if (child.record.broken || child.existing) continue;
      for (const ref of child.refs) {
        const parent = ref.target && program.storeOf.get(ref.target);
        if (ref.soft || parent?.delete === undefined || parent.record.broken) continue;
        if (!resolved(ref.columns) || !resolved(ref.targetColumns)) continue;
        const sent = sentTogether(parent, child);
        if (sent && goesFirst(child, ref)) continue;
        report(
          finding(
            deletedParents.description,
            ref.span,
            `rows of ${tableName(child)} can keep a row of ${tableName(parent)} from being deleted`,
            {
              label: 'refers to a row that can be deleted',
              related: [{ span: parent.delete.span, text: 'deletes the row' }],
              help: sent
                ? `add \`prune by ${listed(ref.columns)}\` to ${tableName(child)}, or make the ref \`soft\``
                : `make the ref \`soft\`, or allow this warning if the rows of ${tableName(child)} are deleted first`,
            },
          ),
        );
      }
    }
  },
};

/** Whether each message that may delete a parent also says which children it has. */
function sentTogether(parent: StoreModel, child: StoreModel): boolean {
  const roots = child.writers.flatMap((writer) => writer.roots);
  return (
    child !== parent && parent.writers.every((writer) => writer.roots.every((root) => roots.includes(root)))
  );
}

/** Whether the rows of a parent are taken away together with it: all of them are pruned, or each is deleted itself. */
function goesFirst(child: StoreModel, ref: RefModel): boolean {
  if (child.delete !== undefined) return true;
  const pruned = child.prune?.columns.map(({ name }) => name);
  return pruned?.every((name) => ref.columns.some((column) => column.name === name)) ?? false;
}
