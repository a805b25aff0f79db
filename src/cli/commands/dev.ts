import { join } from 'node:path';
import type { RecordModel } from '../../model/program.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Command } from '../command.ts';
import { fault } from '../exit.ts';
import { plainLog } from '../plain-log.ts';
import { logLevelOption, quietOption, rootOption } from '../options.ts';
import { loadPlan, type Checked } from '../program-file.ts';
import { sampleFile } from '../sample-file.ts';
import { sampleMessage } from '../sample.ts';
import { setting } from '../settings.ts';
import { endAtLatest } from '../../runtime/end-soon.ts';
import type { EmbeddedProcess, LogOf } from '../../runtime/embedded.ts';
import { stopSignal } from '../../runtime/stop-signal.ts';
import { shownDialect } from '../../sql/registry.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly root?: string;
  readonly port?: string;
  readonly data: string;
  readonly quiet?: true;
  readonly logLevel?: string;
}

export const dev: Command = {
  name: 'dev',
  register: (parser, terminal) => {
    parser
      .command('dev')
      .summary('run every role in one process with an embedded Postgres, without setup')
      .description(
        'Runs every role of the file in one process, on an embedded Postgres that also holds the queue. You need no server, no ' +
          'Docker and no account. For development and for small use on one machine. `nomnom run` runs the same file on NATS and ' +
          'Postgres.',
      )
      .argument('<file>', 'the .nom file')
      .option(
        '-p, --port <number>',
        'port of the HTTP server for messages, instead of PORT or the setting of the role; 0 chooses a free port',
      )
      .option('--data <folder>', 'folder for the data of the embedded Postgres', '.nomnom')
      .addOption(quietOption())
      .addOption(logLevelOption())
      .addOption(rootOption())
      .action((file: string, options: Options) => run(file, options, terminal));
  },
};

async function run(file: string, options: Options, terminal: Terminal): Promise<void> {
  const checked = loadPlan(file, terminal, options.root, { warnings: true });
  const { plan } = checked;
  const port = setting('PORT', { name: '--port', value: options.port });
  const level = setting('LOG_LEVEL', { name: '--log-level', value: options.logLevel });
  const say = (text: string): void => {
    if (options.quiet !== true) terminal.out(text);
  };
  const { startEmbedded, jsonLogs } = await import('../../runtime/embedded.ts');
  // A person reads this terminal, unless a level asks for the lines of `nomnom run`.
  const logOf: LogOf =
    level === undefined ? (role) => plainLog(role ?? plan.pipeline, terminal.note) : jsonLogs(plan, level);
  const directory = join(options.data, 'postgres');
  say(`starting an embedded Postgres in ${directory}\n`);
  const asked = new AbortController();
  const stopping = stopSignal().then((signal) => {
    say('\nstopping\n');
    asked.abort();
    endAtLatest(logOf(undefined));
    return signal;
  });
  const running = await startEmbedded({ plan, directory, logOf, port, signal: asked.signal }).catch(
    (error: unknown) => {
      // What was under way when the signal came may fail by it, and nobody waits for it any more.
      if (!asked.signal.aborted) throw error;
    },
  );
  if (running === undefined) return;
  try {
    if (asked.signal.aborted) return;
    for (const line of running.applied) say(`  ${line}\n`);
    say(welcome(checked, running.accepting, running.databaseUrl));
    const end = await Promise.race([stopping, running.ended]);
    if (end instanceof Error) throw fault(end.message);
  } finally {
    await running.close();
  }
}

function welcome(checked: Checked, accepting: EmbeddedProcess['accepting'], database: string): string {
  const { plan } = checked;
  const [table] = plan.tables;
  const lines = [
    '',
    `${plan.pipeline} is running: ${plan.roles.map((role) => role.name).join(' and ')} in this process`,
    '',
  ];
  for (const { role, address } of accepting)
    lines.push(...firstMessage(checked, address, accepting.length > 1 ? ` to ${role.name}` : ''));
  lines.push(
    'look at the rows (with psql, while this runs):',
    `  psql '${database}' -c 'TABLE ${table === undefined ? 'message_status' : shownDialect.tableName(table)}'`,
    '',
  );
  lines.push('stop with Ctrl-C', '');
  return lines.join('\n');
}

/** `to` names the role where several accept messages. */
function firstMessage(checked: Checked, address: string, to: string): string[] {
  for (const entity of checked.analysis.program.entities) {
    // Only its sender can sign it.
    if (entity.signature !== undefined) continue;
    const request = requestOf(checked, entity);
    if (request === undefined) continue;
    return [
      `send the first message${to}:`,
      `  curl -X POST ${address}/ingest/${entity.name} ${request}`,
      'see its status:',
      `  curl ${address}/status/MESSAGE_ID`,
      '',
    ];
  }
  return [`send messages${to}:`, `  ${address}/ingest/${namesOf(checked.plan)}`, ''];
}

/** The rest of a curl that is accepted as it stands. */
function requestOf(
  { analysis: { program }, plan, readMessage }: Checked,
  entity: RecordModel,
): string | undefined {
  const entityPlan = plan.entities.find((each) => each.name === entity.name);
  if (entityPlan === undefined) return undefined;
  if (entityPlan.body === 'json') {
    const body = sampleMessage(program, entity, plan, entityPlan);
    return body === undefined ? undefined : `-H 'content-type: application/json' -d ${quoted(body)}`;
  }
  const file = sampleFile(program, entity, plan, entityPlan, readMessage);
  if (file === undefined) return undefined;
  const headers = Object.entries(file.headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)} `);
  return `${headers.join('')}--data-binary ${quoted(`@${file.path}`)}`;
}

/** One word for a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function namesOf(plan: Plan): string {
  return plan.entities.map((entity) => entity.name).join('|');
}
