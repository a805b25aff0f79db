import type { RefusedLine } from '../batch-sender.ts';
import type { Command } from '../command.ts';
import { entityNamed } from '../entity-named.ts';
import { durationOf } from '../duration.ts';
import { Ended, EXIT, usage } from '../exit.ts';
import { headerOption, readHeaders } from '../headers.ts';
import { jsonOption, quietOption, rootOption } from '../options.ts';
import { loadPlan } from '../program-file.ts';
import { roleUrl } from '../role-url.ts';
import { sendFile } from '../send-file.ts';
import { sendRaw } from '../send-raw.ts';
import { keyFileOption, keyHeader } from '../sender-key.ts';
import { notNdjson } from '../not-ndjson.ts';
import { setting } from '../settings.ts';
import { visible } from '../../text/visible.ts';
import type { Terminal } from '../terminal.ts';
import { jsonText } from '../json-text.ts';

interface Options {
  readonly root?: string;
  readonly url?: string;
  readonly wait: string;
  readonly header: readonly string[];
  readonly keyFile?: string;
  readonly quiet?: true;
  readonly json?: true;
}

export const send: Command = {
  name: 'send',
  register: (parser, terminal) => {
    parser
      .command('send')
      .summary('send files with one JSON message per line to the ingest role')
      .description(
        'Sends every line of NDJSON files to the ingest role in batches. While the role is busy or away, it waits; it gives up where the role takes nothing for as long as --wait says. If the answer to a batch ' +
          'is lost, it sends the batch again under the same key, so the batch takes effect once. The batches of an entity with ' +
          '`ordered by` are sent one after the other. For an entity with @body, each file is one message, and the header x-filename has ' +
          'its name unless --header gives another. Every --header is sent with every message. Exit status 1 if a message was rejected.',
      )
      .argument('<file>', 'the .nom file')
      .argument('<entity>', 'the entity of the messages')
      .argument('<data...>', 'NDJSON files, or files with one raw message each')
      .option(
        '--url <url>',
        'URL of the ingest role (default: http://127.0.0.1:PORT; PORT from the environment or the role)',
      )
      .option(
        '--wait <duration>',
        'how long to wait for a role that is busy or away, such as 5m; 0s to give up at once',
        '30s',
      )
      .addOption(headerOption())
      .addOption(keyFileOption())
      .addOption(quietOption())
      .addOption(jsonOption('what was accepted and rejected'))
      .addOption(rootOption())
      .action((file: string, entity: string, data: string[], options: Options) =>
        run(file, entity, data, options, terminal),
      );
  },
};

/** Headers that belong to a request as it is sent. */
const OWN = [
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'idempotency-key',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
/** Refused lines that a person is shown. */
const SHOWN = 10;

async function run(
  file: string,
  name: string,
  paths: readonly string[],
  options: Options,
  terminal: Terminal,
): Promise<void> {
  const wait = durationOf(options.wait);
  if (wait === undefined)
    throw usage(`--wait: expected a length of time such as 30s or 5m, got "${options.wait}"`);
  const headers = { ...keyHeader(options.keyFile), ...readHeaders(options.header, OWN) };
  const { plan } = loadPlan(file, terminal, options.root);
  const entity = entityNamed(plan, name);
  const rolePort = plan.roles.find((role) => role.publishes.length > 0)?.settings.port ?? 8080;
  const url = roleUrl(options.url, setting('PORT') ?? rolePort);
  const quiet = options.quiet === true || options.json === true;
  const inOrder = entity.orderedBy !== undefined;
  const sendOne = entity.body === 'raw' ? sendRaw : sendFile;
  const refused: (RefusedLine & { readonly file: string })[] = [];
  let accepted = 0;
  let rejected = 0;
  for (const path of paths) {
    const sent = await sendOne({ path, entity: entity.name, url, headers, inOrder, wait, terminal, quiet });
    accepted += sent.accepted;
    rejected += sent.refusedCount;
    refused.push(...sent.refused.map((each) => ({ file: path, ...each })));
  }
  if (options.json === true) terminal.out(jsonText({ accepted, rejected, lines: refused }));
  else if (options.quiet !== true) {
    terminal.out(`${accepted} accepted, ${rejected} rejected\n`);
    for (const each of refused.slice(0, SHOWN)) {
      const place = entity.body === 'raw' ? each.file : `${each.file}:${each.line}`;
      for (const { code, pointer, message } of each.faults ?? [each]) {
        const at = pointer === '' ? '' : ` at ${visible(pointer)}`;
        terminal.out(`  ${place} ${code}${at}: ${visible(message)}\n`);
      }
    }
    if (rejected > SHOWN) terminal.out(`  … and ${rejected - SHOWN} more; --json lists them\n`);
    if (entity.body === 'json')
      for (const help of helpFor(refused)) terminal.out(`  help: ${visible(help)}\n`);
  }
  if (rejected > 0) throw new Ended(EXIT.fault, '');
}

/** For each file whose first lines are no messages at all. */
function helpFor(refused: readonly { readonly file: string; readonly code: string }[]): readonly string[] {
  const files = refused
    .filter(({ code }) => code === 'invalid_json' || code === 'not_an_object')
    .map(({ file }) => file);
  return [...new Set(files)].flatMap((file) => notNdjson(file) ?? []);
}
