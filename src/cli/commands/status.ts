import type { Command } from '../command.ts';
import { fault, usage } from '../exit.ts';
import type { Headers } from '../headers.ts';
import { type Fields, fieldsOf, foreignAnswer, foreignTalk, problemIn } from '../foreign-answer.ts';
import { keyWanted } from '../key-wanted.ts';
import { noAnswer } from '../no-answer.ts';
import { askRole } from '../role-request.ts';
import { databaseOption, jsonOption, ledgerSchemaOption, natsOption, rootOption } from '../options.ts';
import { keyFileOption, keyHeader } from '../sender-key.ts';
import { roleUrl } from '../role-url.ts';
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
  const base = roleUrl(url, setting('PORT') ?? 8080);
  const answer = await ask(`${base}/status/${id}`, keyHeader(keyFile));
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

/** Milliseconds that the role has for each step of its answer. */
const ANSWER_WITHIN = 10_000;

async function ask(url: string, headers: Headers): Promise<Fields> {
  const answer = await askRole({ url, headers, limit: ANSWER_WITHIN }).catch((error: unknown) => {
    const {
      kind,
      reason,
      help = 'Start the role, or name where it listens with `--url` or `PORT`.',
    } = noAnswer(error);
    throw kind === 'foreign'
      ? foreignTalk(url, reason)
      : fault(`no answer from ${url}: ${visible(reason)}`, help);
  });
  const { status, text } = answer;
  const fields = fieldsOf(text);
  if (status === 200 && typeof fields?.['message_id'] === 'string') return fields;
  const problem = status === 200 ? undefined : problemIn(text);
  if (problem === undefined) throw foreignAnswer(url, '200 with the status of the message', answer);
  throw keyWanted(url, status, headers) ?? fault(visible(problem.message));
}
