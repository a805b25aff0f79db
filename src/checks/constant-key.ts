import { finding } from '../diagnostics/diagnostic.ts';
import type { Expression } from '../model/expression.ts';
import type { FieldModel } from '../model/program.ts';
import { tableName } from '../model/table-name.ts';
import { spanText } from '../text/source.ts';
import type { Check } from './check.ts';
import { listed, resolved, writtenFields } from './constraint-columns.ts';

export const constantKey: Check = {
  description: {
    code: 'NOM220',
    severity: 'warning',
    title: 'a key has the same value in every message',
    explanation: `\`id: int = 1\` is a field with the constant value 1, and not one with the number 1 as in Protobuf. If all columns of the
upsert are constants, every message writes the same row, and only the last one remains.

\`\`\`nom
entity Order {
  id: int = 1      // wrong: the id is 1 in every row
  id: int          // right: the message has it
  store orders { key (id)  upsert on (id) }
}
\`\`\`

A store with \`add\` may have such a key: its row is the total of all messages.`,
  },
  sound: true,
  run: (program, report) => {
    for (const store of program.stores) {
      const { upsert, writers } = store;
      if (upsert === undefined || upsert.action.kind === 'add' || !resolved(upsert.columns)) continue;
      for (const writer of writers) {
        if (writer.broken) continue;
        const fields = writtenFields(writer, upsert.columns);
        const [first] = fields;
        if (first === undefined || !fields.every(isConstant)) continue;
        report(
          finding(
            constantKey.description,
            first.tree?.span ?? first.span,
            `every message writes the same row of ${tableName(store)}: its key ${listed(upsert.columns)} is constant`,
            { label: 'a constant', help: helpFor(first) },
          ),
        );
      }
    }
  },
};

function isConstant({ origin }: FieldModel): boolean {
  return origin.kind === 'computed' && withoutConversion(origin.value).kind === 'literal';
}

function withoutConversion(value: Expression): Expression {
  return value.kind === 'convert' ? withoutConversion(value.operand) : value;
}

function helpFor({ name, tree }: FieldModel): string {
  return tree?.type === undefined
    ? 'compute it from a field of the message'
    : `write \`${name}: ${spanText(tree.type.span)}\`, to read it from the message`;
}
