import { existsSync } from 'node:fs';
import { evaluateMessage } from '../../plan/evaluate-message.ts';
import type { EntityPlan, Evaluation, Plan, Row, TablePlan, TableWrites } from '../../plan/plan.ts';
import { tableName } from '../../plan/table-name.ts';
import type { Command } from '../command.ts';
import { Ended, EXIT, usage } from '../exit.ts';
import { entityNamed } from '../entity-named.ts';
import { headerOption, readHeaders } from '../headers.ts';
import { rootOption } from '../options.ts';
import { loadPlan, readBytes } from '../program-file.ts';
import { bytesOfStandardInput } from '../standard-input.ts';
import type { Terminal } from '../terminal.ts';
import { jsonText } from '../json-text.ts';

interface Options {
  readonly root?: string;
  readonly raw?: true;
  readonly header: readonly string[];
}

export const evaluate: Command = {
  name: 'eval',
  register: (parser, terminal) => {
    parser
      .command('eval')
      .summary('evaluate one message and print its rows, without a server')
      .description(
        'Decodes, checks and derives one message like the worker, and prints {"rows": {"table": [row, …]}}. Keys that ' +
          '`delete when` deletes are in "deleted" next to it. For a rejected message it prints ' +
          '{"rejected": {code, entity, field, pointer, message}} and ends with exit status 1. bigint and decimal values are strings.',
      )
      .argument('<file>', 'the .nom file')
      .argument('<entity>', 'the entity of the message')
      .argument(
        '[input]',
        'a file with the message, the message itself if it starts with { or [, or - for standard input',
        '-',
      )
      .option('--raw', 'the input is a raw body, not JSON (for an entity with @body)')
      .addOption(headerOption())
      .addOption(rootOption())
      .action((file: string, entity: string, input: string, options: Options) =>
        run(file, entity, input, options, terminal),
      );
  },
};

function run(file: string, entityName: string, input: string, options: Options, terminal: Terminal): void {
  const { plan } = loadPlan(file, terminal, options.root);
  const entity = entityNamed(plan, entityName);
  if (options.raw === true && entity.body === 'json')
    throw usage(`${entity.name} takes JSON, not a raw body: it has no field with @body`);
  const evaluation = evaluateMessage(plan.limits, entity, {
    body: readBody(input, entity),
    headers: readHeaders(options.header),
    messageId: '00000000-0000-7000-8000-000000000000',
    receivedAt: Date.now(),
  });
  terminal.out(jsonText(shown(evaluation, plan, entity)));
  if (evaluation.kind === 'rejected') throw new Ended(EXIT.fault, '');
}

function readBody(input: string, entity: EntityPlan): Uint8Array {
  if (input === '-') {
    if (process.stdin.isTTY)
      process.stderr.write(`reading ${entity.name} from standard input, end with Ctrl-D\n`);
    return bytesOfStandardInput();
  }
  if (/^\s*[[{]/.test(input) && !existsSync(input)) return Buffer.from(input);
  return readBytes(input, 'a message');
}

function shown(evaluation: Evaluation, plan: Plan, entity: EntityPlan): unknown {
  if (evaluation.kind === 'rejected') return { rejected: evaluation.rejection };
  const tables = entity.tables.flatMap((index) => plan.tables[index] ?? []);
  const writesTo = (table: TablePlan): readonly TableWrites[] =>
    evaluation.writes.filter((writes) => plan.tables[writes.table] === table);
  const rows = tables.map(
    (table) =>
      [
        tableName(table),
        writesTo(table).flatMap((writes) => writes.rows.map((row) => rowOf(table, row))),
      ] as const,
  );
  const deleted = tables
    .map(
      (table) =>
        [
          tableName(table),
          writesTo(table).flatMap((writes) => (writes.deletes ?? []).map((row) => deletedOf(table, row))),
        ] as const,
    )
    .filter(([, keys]) => keys.length > 0);
  return {
    rows: Object.fromEntries(rows),
    ...(deleted.length === 0 ? {} : { deleted: Object.fromEntries(deleted) }),
  };
}

function rowOf({ columns }: TablePlan, row: Row): unknown {
  return Object.fromEntries(columns.map((column, at) => [column.name, column.toJson(row[at] ?? null)]));
}

/** The key of the row, and with `newest by` the version that it must be older than. */
function deletedOf({ columns, upsert: { key, action } }: TablePlan, row: Row): unknown {
  const shown = action.kind === 'newest' ? [...key, action.by] : key;
  return Object.fromEntries(
    shown.map((at) => [columns[at]?.name ?? '', columns[at]?.toJson(row[at] ?? null)] as const),
  );
}
