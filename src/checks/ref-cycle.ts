import { finding } from '../diagnostics/diagnostic.ts';
import type { RefModel, StoreModel } from '../model/program.ts';
import { shownCircle } from '../model/shown-circle.ts';
import { tableName } from '../model/table-name.ts';
import type { Check } from './check.ts';

export const refCycle: Check = {
  description: {
    code: 'NOM207',
    severity: 'error',
    title: 'refs form a cycle',
    explanation: `Parents are written before children. If refs form a cycle, there is no such order.

\`\`\`nom
ref (manager) -> Employee (id) soft                          // soft: documented, without a constraint
\`\`\`

A ref from a table to itself is a cycle too, because the rows of a batch can be in any order.`,
  },
  run: (program, report) => {
    const done = new Set<StoreModel>();
    const path: { store: StoreModel; ref: RefModel }[] = [];
    const visit = (store: StoreModel): void => {
      if (done.has(store)) return;
      for (const ref of store.refs) {
        const target = ref.target && program.storeOf.get(ref.target);
        if (ref.soft || target === undefined) continue;
        path.push({ store, ref });
        const start = path.findIndex((step) => step.store === target);
        if (start >= 0) reportCycle(path.slice(start));
        else visit(target);
        path.pop();
      }
      done.add(store);
    };
    const reportCycle = (cycle: readonly { store: StoreModel; ref: RefModel }[]): void => {
      const first = cycle[0];
      if (first === undefined || cycle.some((step) => step.store.record.broken)) return;
      const names = [...cycle.map((step) => tableName(step.store)), tableName(first.store)];
      report(
        finding(
          refCycle.description,
          first.ref.span,
          `the refs ${shownCircle(names)} form a cycle, so no table can be written first`,
          {
            related: cycle.slice(1).map((step) => ({ span: step.ref.span, text: 'also part of the cycle' })),
            help: 'write `soft` after one of them',
          },
        ),
      );
    };
    for (const store of program.stores) visit(store);
  },
};
