import { finding } from '../diagnostics/diagnostic.ts';
import type { StoreModel } from '../model/program.ts';
import type { Check } from './check.ts';

export const tableTwice: Check = {
  description: {
    code: 'NOM208',
    severity: 'error',
    title: 'two entities declare the same table',
    explanation: `A table has one declaration. Two entities that should end in one table share a shape with a \`store\`.`,
  },
  run: (program, report) => {
    const first = new Map<string, StoreModel>();
    for (const store of program.stores) {
      const name = `${store.schema ?? ''}.${store.table}`;
      const other = first.get(name);
      if (other === undefined) first.set(name, store);
      else
        report(
          finding(
            tableTwice.description,
            store.tree.table.span,
            `${store.record.name} and ${other.record.name} both declare the table ${store.table}`,
            {
              related: [{ span: other.tree.table.span, text: 'declared here first' }],
              help: 'give one of them another name',
            },
          ),
        );
    }
  },
};
