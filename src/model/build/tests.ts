import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import type { ExpressionTree } from '../../syntax/expression-tree.ts';
import type { JsonTree, TestTree } from '../../syntax/tree.ts';
import { rejectionCodes } from '../../types/rejection-codes.ts';
import { UNKNOWN_FIELD, UNKNOWN_NAME } from '../codes/codes.ts';
import type { Expression } from '../expression.ts';
import { infer } from '../infer/infer.ts';
import { condition } from '../infer/condition.ts';
import type { RecordModel, StoreModel, TestModel } from '../program.ts';
import { severalTables } from '../infer/several-tables.ts';
import { tableName, tablesNamed } from '../table-name.ts';
import type { NamedValues } from '../infer/scope.ts';
import { closest } from '../../diagnostics/suggest.ts';
import { spanText, type Span } from '../../text/source.ts';
import { suggestion } from '../suggestion.ts';

export interface TestNames {
  readonly entities: readonly RecordModel[];
  readonly values: NamedValues;
  /** In the order of the slots that expectations read. */
  readonly tables: readonly StoreModel[];
  /** Those that are declared twice, which was reported: nobody knows which of them is meant. */
  readonly twice: ReadonlySet<string>;
}

function readsOneOf({ span }: ExpressionTree, tables: ReadonlySet<string>): boolean {
  return tables.size > 0 && (spanText(span).match(/[A-Za-z_]\w*/g) ?? []).some((word) => tables.has(word));
}

/** Resolves the names that a test uses, and the types of what it expects. */
export function resolveTest(tree: TestTree, names: TestNames, report: Report): TestModel {
  const silent: Report = () => {};
  const quiet: Report = tree.broken ? silent : report;
  const expectations: Expression[] = [];
  for (const step of tree.steps) {
    if (step.kind === 'given') {
      if (!names.entities.some((entity) => entity.name === step.entity.text)) {
        const known = names.entities.map((entity) => entity.name);
        quiet(
          finding(UNKNOWN_NAME, step.entity.span, `there is no entity \`${step.entity.text}\``, {
            label: 'not declared',
            help: suggestion(step.entity.text, known),
          }),
        );
      }
      continue;
    }
    if (step.what === 'rejected' && step.code !== undefined && !Object.hasOwn(rejectionCodes, step.code.text))
      quiet(
        finding(UNKNOWN_NAME, step.code.span, `there is no rejection code \`${step.code.text}\``, {
          help:
            suggestion(step.code.text, Object.keys(rejectionCodes)) ??
            'the reference page of types lists the codes',
        }),
      );
    if (step.what === 'condition')
      expectations.push(
        condition(
          step.condition,
          '`expect`',
          {
            report: readsOneOf(step.condition, names.twice) ? silent : quiet,
            aliases: [],
            ...names.values,
            tables: names.tables,
            nonNull: new Set(),
          },
          infer,
        ),
      );
    if (step.what === 'row') {
      const called = { schema: step.schema?.text, table: step.table.text };
      const [table, ...others] = tablesNamed(names.tables, called);
      if (names.twice.has(step.table.text)) continue;
      if (table === undefined)
        quiet(
          finding(UNKNOWN_NAME, step.table.span, `there is no table \`${tableName(called)}\``, {
            label: 'not declared',
            help: suggestion(tableName(called), names.tables.map(tableName)),
          }),
        );
      else if (others.length > 0) quiet(severalTables(step.table, [table, ...others]));
      // The JSON of a test with a syntax error may be no JSON, and a record with one may lack fields.
      else if (!tree.broken && !table.writers.some(({ broken }) => broken))
        checkColumns(step.row, table, quiet);
    }
  }
  return { title: tree.title.value, tree, expectations };
}

function checkColumns(row: JsonTree, store: StoreModel, report: Report): void {
  const value: unknown = JSON.parse(row.text);
  if (typeof value !== 'object' || value === null) return;
  const columns = store.columns.map((column) => column.name);
  for (const name of Object.keys(value))
    if (!columns.includes(name))
      report(
        finding(UNKNOWN_FIELD, keyIn(row, name), `${tableName(store)} has no column \`${name}\``, {
          label: 'not declared',
          help: suggestionInQuotes(name, columns),
        }),
      );
}

/** Where the key of a written object stands; the whole object where its text does not say it plainly. */
function keyIn({ span }: JsonTree, name: string): Span {
  const written = JSON.stringify(name);
  const text = spanText(span);
  const found = [...text.matchAll(/"(?:[^"\\]|\\.)*"(?=\s*:)/g)].filter(([key]) => key === written);
  const [only] = found;
  if (only === undefined || found.length > 1) return span;
  const start = span.start + only.index;
  return { ...span, start, end: start + written.length };
}

/** A key of JSON has quotes. */
function suggestionInQuotes(name: string, columns: readonly string[]): string | undefined {
  const near = closest(name, columns) ?? columns.find((column) => column.startsWith(name));
  return near === undefined ? suggestion(name, columns) : `did you mean \`"${near}"\`?`;
}
