import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import type { ColumnName, FieldModel, Program, StoreModel } from '../../model/program.ts';
import { tableId, tableName } from '../../model/table-name.ts';
import { describe } from '../../model/type.ts';
import { BREAKS_OLD_WORKER, NO_LONGER_WRITTEN, OTHER_ROWS } from './codes.ts';
import type { Rules } from './rules.ts';
import { widensColumn } from './types.ts';

const TWO_STEPS = 'make it nullable (`?`) until every worker runs the new program, then make it required';
const STOP_WORKERS = 'stop the workers before `nomnom apply` and start the new ones after it';

/** Reports what becomes of the tables of the old program, and of its workers while they write the new ones. */
export function compareTables(old: Program, now: Program, rules: Rules, report: Report): void {
  for (const store of old.stores) {
    const same = now.stores.find((each) => tableId(each) === tableId(store));
    if (same !== undefined) {
      compareColumns(store, same, report);
      compareKeeping(store, same, rules, report);
      continue;
    }
    report(
      finding(
        NO_LONGER_WRITTEN,
        store.tree.table.span,
        `the new program does not write the table ${tableName(store)}`,
        {
          label: 'written by the old program',
          help: 'rename or copy the table in the database first; nomnom does not change it',
        },
      ),
    );
  }
}

function compareColumns(old: StoreModel, now: StoreModel, report: Report): void {
  for (const field of old.columns) {
    if (now.columns.some((each) => each.name === field.name)) continue;
    report(
      finding(
        NO_LONGER_WRITTEN,
        field.span,
        `the new program does not write ${tableName(now)}.${field.name}`,
        {
          label: 'written by the old program',
          related: [{ span: now.tree.table.span, text: 'the table' }],
          help: field.type.nullable
            ? 'rename or copy the column in the database first; nomnom does not change it'
            : 'the column takes no null: `ALTER TABLE … ALTER COLUMN … DROP NOT NULL` before the new workers start',
        },
      ),
    );
  }
  for (const field of now.columns) {
    const before = old.columns.find((each) => each.name === field.name);
    const fault = columnFault(before, field);
    if (fault === undefined) continue;
    report(
      finding(BREAKS_OLD_WORKER, field.span, `${tableName(now)}.${field.name} ${fault.why}`, {
        ...(before === undefined
          ? {}
          : { related: [{ span: before.span, text: `it is ${describe(before.type)} here` }] }),
        help: fault.help,
      }),
    );
  }
  for (const ref of now.refs) {
    const text = namesText(ref.columns);
    const same = (each: (typeof old.refs)[number]): boolean =>
      !each.soft && namesText(each.columns) === text && each.targetName.name === ref.targetName.name;
    if (ref.soft || old.refs.some(same)) continue;
    report(
      finding(
        BREAKS_OLD_WORKER,
        ref.span,
        `${tableName(now)} has a new reference, and rows that the old program writes may have no parent`,
        { help: 'make it `soft` until every worker runs the new program and every row has its parent' },
      ),
    );
  }
}

function columnFault(
  old: FieldModel | undefined,
  now: FieldModel,
): { readonly why: string; readonly help: string } | undefined {
  if (old === undefined)
    return now.type.nullable
      ? undefined
      : {
          why: 'is new and takes no null, so workers of the old program cannot write the table',
          help: TWO_STEPS,
        };
  if (old.type.nullable && !now.type.nullable)
    return { why: 'must not be null, but workers of the old program write null', help: TWO_STEPS };
  if (widensColumn(old.type.type, now.type.type)) return undefined;
  return {
    why: `changes to ${describe(now.type)}, which workers of the old program do not write`,
    help: `${STOP_WORKERS}; then change the type of the column yourself`,
  };
}

/** By which rule rows are kept: keys, upsert, deletion, pruning. */
function compareKeeping(old: StoreModel, now: StoreModel, rules: Rules, report: Report): void {
  const table = tableName(now);
  for (const key of now.keys) {
    const same = old.keys.some(
      (each) =>
        keyText(each) === keyText(key) ||
        (key.kind === 'unique' && keyText({ ...each, kind: 'unique' }) === keyText(key)),
    );
    if (same) continue;
    report(
      finding(OTHER_ROWS, key.span, `${table} has another ${key.kind}, (${namesText(key.columns)})`, {
        related: old.keys.map(({ span, kind }) => ({ span, text: `the ${kind} until now` })),
        help: `check the existing rows against it; ${STOP_WORKERS}`,
      }),
    );
  }
  const [before, after] = [old.upsert, now.upsert];
  if (before !== undefined && after !== undefined && upsertText(before) !== upsertText(after))
    report(
      finding(OTHER_ROWS, after.tree.span, `the upsert of ${table} changed`, {
        related: [{ span: before.tree.span, text: 'the upsert until now' }],
        help: STOP_WORKERS,
      }),
    );
  const prunes = [old.prune, now.prune].map((prune) => (prune === undefined ? '' : namesText(prune.columns)));
  if (prunes[0] !== prunes[1])
    report(
      finding(OTHER_ROWS, now.prune?.span ?? now.tree.table.span, `the \`prune by\` of ${table} changed`, {
        ...(old.prune === undefined
          ? {}
          : { related: [{ span: old.prune.span, text: 'the rule until now' }] }),
        help: STOP_WORKERS,
      }),
    );
  if (old.duplicates?.rule !== now.duplicates?.rule)
    report(
      finding(
        OTHER_ROWS,
        now.duplicates?.span ?? now.tree.table.span,
        `the \`duplicates\` of ${table} changed`,
        {
          ...(old.duplicates === undefined
            ? {}
            : { related: [{ span: old.duplicates.span, text: 'the rule until now' }] }),
          help: STOP_WORKERS,
        },
      ),
    );
  compareDeletion(old, now, rules, report);
}

function compareDeletion(old: StoreModel, now: StoreModel, rules: Rules, report: Report): void {
  const [before, after] = [old, now].map(
    ({ writers }) => writers.find((each) => each.deleteWhen !== undefined)?.deleteWhen,
  );
  if (before === after) return;
  if (before !== undefined && after !== undefined && rules.same(before, after)) return;
  report(
    finding(
      OTHER_ROWS,
      now.delete?.span ?? now.tree.table.span,
      `the \`delete when\` of ${tableName(now)} changed`,
      {
        ...(old.delete === undefined
          ? {}
          : { related: [{ span: old.delete.span, text: 'the rule until now' }] }),
        help: STOP_WORKERS,
      },
    ),
  );
}

function namesText(columns: readonly ColumnName[]): string {
  return columns.map((column) => column.name).join(', ');
}

function keyText({
  kind,
  columns,
  nullsEqual,
}: Pick<StoreModel['keys'][number], 'kind' | 'columns' | 'nullsEqual'>): string {
  return `${kind} ${columns
    .map((column) => column.name)
    .toSorted()
    .join(', ')} ${nullsEqual}`;
}

function upsertText({ columns, action }: NonNullable<StoreModel['upsert']>): string {
  const by =
    action.kind === 'newest' ? action.by.name : action.kind === 'add' ? namesText(action.columns) : '';
  return `${columns
    .map((column) => column.name)
    .toSorted()
    .join(', ')} ${action.kind} ${by}`;
}
