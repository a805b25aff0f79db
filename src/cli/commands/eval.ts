import { existsSync, readFileSync } from 'node:fs';
import type { EntityPlan, Evaluation, Plan } from '../../plan/plan.ts';
import type { Command } from '../command.ts';
import { Ended, EXIT, usage } from '../exit.ts';
import { entityNamed } from '../entity-named.ts';
import { loadPlan, readText } from '../program-file.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly raw?: true;
  readonly header: readonly string[];
}

export const evaluate: Command = {
  name: 'eval',
  register: (parser, terminal) => {
    parser
      .command('eval')
      .summary('run one message through a pipeline and print its rows, without any server')
      .description(
        'Decodes, checks and derives one message as the worker does, and prints {"rows": {"table": [row, …]}}, or\n' +
          '{"rejected": {code, entity, field, pointer, message}} with exit status 1. bigint and decimal values are strings.',
      )
      .argument('<file>', 'the .nom file')
      .argument('<entity>', 'the entity that the message is')
      .argument(
        '[input]',
        'a file with the message, the message itself where it begins with { or [, or - for standard input',
        '-',
      )
      .option('--raw', 'the input is a raw body, not JSON: for an entity that takes @body')
      .option('--header <header>', 'a request header as "name: value"; may be repeated', collect, [])
      .action((file: string, entity: string, input: string, options: Options) =>
        run(file, entity, input, options, terminal),
      );
  },
};

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function run(file: string, entityName: string, input: string, options: Options, terminal: Terminal): void {
  const { plan } = loadPlan(file, terminal);
  const entity = entityNamed(plan, entityName);
  if (options.raw === true && entity.body === 'json')
    throw usage(`${entity.name} takes JSON, not a raw body: no field of it has @body`);
  const evaluation = entity.evaluate({
    body: readBody(input, entity),
    headers: readHeaders(options.header),
    messageId: '00000000-0000-7000-8000-000000000000',
    receivedAt: Date.now(),
  });
  terminal.out(`${JSON.stringify(shown(evaluation, plan, entity), null, 2)}\n`);
  if (evaluation.kind === 'rejected') throw new Ended(EXIT.fault, '');
}

function readBody(input: string, entity: EntityPlan): string {
  if (input === '-') {
    if (process.stdin.isTTY)
      process.stderr.write(`reading ${entity.name} from standard input, end with Ctrl-D\n`);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(0));
    } catch {
      throw usage('standard input is not UTF-8');
    }
  }
  if (/^\s*[[{]/.test(input) && !existsSync(input)) return input;
  return readText(input, 'a message');
}

function readHeaders(headers: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    headers.map((header) => {
      const colon = header.indexOf(':');
      if (colon <= 0) throw usage(`--header takes "name: value", got "${header}"`);
      return [header.slice(0, colon).trim().toLowerCase(), header.slice(colon + 1).trim()];
    }),
  );
}

function shown(evaluation: Evaluation, plan: Plan, entity: EntityPlan): unknown {
  if (evaluation.kind === 'rejected') return { rejected: evaluation.rejection };
  const rows = entity.tables.map((index) => {
    const table = plan.tables[index];
    const written = evaluation.writes
      .filter((writes) => writes.table === index)
      .flatMap((writes) => writes.rows);
    const objects = written.map((row) =>
      Object.fromEntries(
        table?.columns.map((column, at) => [column.name, column.toJson(row[at] ?? null)]) ?? [],
      ),
    );
    return [table?.name ?? '', objects] as const;
  });
  return { rows: Object.fromEntries(rows) };
}
