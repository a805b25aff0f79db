import type { Command } from '../command.ts';
import { fault, usage } from '../exit.ts';
import type { Headers } from '../headers.ts';
import { databaseOption, jsonOption, ledgerSchemaOption, natsOption, rootOption } from '../options.ts';
import { keyFileOption, keyHeader } from '../sender-key.ts';
import { setting } from '../settings.ts';
import type { OverviewFlags } from '../show-overview.ts';
import type { Terminal } from '../terminal.ts';
import { visible } from '../../text/visible.ts';
import { jsonText } from '../json-text.ts';

interface Options extends OverviewFlags {
  readonly url?: string;
  readonly keyFile?: string;
}

export const status: Command = {
  name: 'status',
  register: (parser, terminal) => {
    parser
      .command('status')
      .summary('print the status of a message, or a pipeline at a glance')
      .description(
        'With a message id: asks the ingest role for the status of that message, which is accepted, completed, superseded, ' +
          'retrying, dlq or lost. With a .nom file: asks Postgres and the queue what waits and for how long, for the open dead ' +
          'letters by code, and which roles run.',
      )
      .argument('<message-id|file>', 'the id from the answer of the ingest role, or the .nom file')
      .option(
        '--url <url>',
        'URL of the ingest role, for a message (default: http://127.0.0.1:PORT; PORT from the environment or 8080)',
      )
      .addOption(keyFileOption())
      .option('-w, --watch', 'for a pipeline: print it again every two seconds, until Ctrl-C')
      .addOption(jsonOption('the status'))
      .addOption(databaseOption())
      .addOption(natsOption())
      .addOption(ledgerSchemaOption())
      .addOption(rootOption())
      .action((target: string, options: Options) => run(target, options, terminal));
  },
};

async function run(target: string, options: Options, terminal: Terminal): Promise<void> {
  if (UUID.test(target)) return showMessage(target, options, terminal);
  if (!target.endsWith('.nom'))
    throw usage(`expected a message id, which is a UUID, or a .nom file, got "${target}"`);
  const { showOverview } = await import('../show-overview.ts');
  await showOverview(target, options, terminal);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function showMessage(
  id: string,
  { url, keyFile, json, watch }: Options,
  terminal: Terminal,
): Promise<void> {
  if (watch === true) throw usage('--watch is for a pipeline: give a .nom file');
  const base = url ?? `http://127.0.0.1:${setting('PORT') ?? 8080}`;
  const answer = await ask(`${base.replace(/\/$/, '')}/status/${id}`, keyHeader(keyFile));
  if (json === true) {
    terminal.out(jsonText(answer));
    return;
  }
  const width = Math.max(...Object.keys(answer).map((key) => key.length));
  for (const [key, value] of Object.entries(answer)) {
    if (value === null) continue;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    terminal.out(`${visible(key).padEnd(width)}  ${visible(text)}\n`);
  }
}

async function ask(url: string, headers: Headers): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) }).catch(
    (error: unknown) => {
      throw fault(
        `no answer from ${url}: ${error instanceof Error ? reasonOf(error) : String(error)}; set the URL of the ingest role with --url`,
      );
    },
  );
  const body: unknown = await response.json().catch(() => undefined);
  const fields = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  if (response.ok) return fields;
  const message = fields['message'];
  throw fault(typeof message === 'string' ? visible(message) : `${url} answered ${response.status}`);
}

/** `fetch` hides why it failed in the cause. */
function reasonOf(error: Error): string {
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
