import type { Command } from '../command.ts';
import { fault, usage } from '../exit.ts';
import type { Headers } from '../headers.ts';
import { jsonOption } from '../options.ts';
import { keyFileOption, keyHeader } from '../sender-key.ts';
import { setting } from '../settings.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly url?: string;
  readonly keyFile?: string;
  readonly json?: true;
}

export const status: Command = {
  name: 'status',
  register: (parser, terminal) => {
    parser
      .command('status')
      .summary('print the status of a message')
      .description(
        'Asks the ingest role for the status of a message: accepted, completed, superseded, retrying, dlq or lost.',
      )
      .argument('<message-id>', 'the id from the answer of the ingest role')
      .option(
        '--url <url>',
        'URL of the ingest role (default: http://127.0.0.1:PORT; PORT from the environment or 8080)',
      )
      .addOption(keyFileOption())
      .addOption(jsonOption('the status'))
      .action((id: string, options: Options) => run(id, options, terminal));
  },
};

async function run(id: string, { url, keyFile, json }: Options, terminal: Terminal): Promise<void> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
    throw usage(`a message id is a UUID, got "${id}"`);
  const base = url ?? `http://127.0.0.1:${setting('PORT') ?? 8080}`;
  const answer = await ask(`${base.replace(/\/$/, '')}/status/${id}`, keyHeader(keyFile));
  if (json === true) {
    terminal.out(`${JSON.stringify(answer, null, 2)}\n`);
    return;
  }
  const width = Math.max(...Object.keys(answer).map((key) => key.length));
  for (const [key, value] of Object.entries(answer)) {
    if (value === null) continue;
    terminal.out(`${key.padEnd(width)}  ${typeof value === 'string' ? value : JSON.stringify(value)}\n`);
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
  throw fault(typeof message === 'string' ? message : `${url} answered ${response.status}`);
}

/** `fetch` hides why it failed in the cause. */
function reasonOf(error: Error): string {
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
