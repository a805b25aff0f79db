import { finding } from '../diagnostics/diagnostic.ts';
import { dependenciesFirst } from '../model/dependencies-first.ts';
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
    const parentOf = ({ soft, target }: RefModel): StoreModel | undefined =>
      soft || target === undefined ? undefined : program.storeOf.get(target);
    const parentsOf = (store: StoreModel): readonly StoreModel[] | undefined =>
      done.has(store) ? undefined : store.refs.flatMap((ref) => parentOf(ref) ?? []);
    const reportCycle = (stores: readonly StoreModel[]): void => {
      const steps = stores.map((store, at) => {
        const next = stores[at + 1] ?? stores[0];
        return store.refs.filter((ref) => parentOf(ref) === next).map((ref) => ({ store, ref }));
      });
      // Each ref from a table to itself is a cycle of its own.
      const cycles =
        steps.length === 1
          ? (steps[0] ?? []).map((step) => [step])
          : [steps.flatMap((all) => all.slice(0, 1))];
      cycles.forEach(reportOne);
    };
    const reportOne = (cycle: readonly { readonly store: StoreModel; readonly ref: RefModel }[]): void => {
      const first = cycle[0];
      if (first === undefined || cycle.some(({ store }) => store.record.broken)) return;
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
    for (const store of program.stores)
      for (const each of dependenciesFirst(store, parentsOf, reportCycle)) done.add(each);
  },
};
