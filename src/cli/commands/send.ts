import type { RefusedLine, Sent } from '../batch-sender.ts';
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
        'Sends every line of NDJSON files to the ingest role in batches. While the role is busy or away, it waits; it gives up where the role takes nothing for as long as --wait says, and at once where its certificate or its TLS is wrong, or where no role answers but a proxy or another service. If the answer to a batch ' +
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
        'how long to wait for a role that is busy, away or silent, such as 5m; 0s to give up at once; an answer has 5s at least',
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
  const report: Report = { accepted: 0, rejected: 0, refused: [] };
  const tell = () => tellReport(report, entity.body === 'raw', options, terminal);
  const interrupted = endOnInterrupt(tell);
  try {
    for (const path of paths)
      await sendOne({
        ...{ path, entity: entity.name, url, headers, inOrder, wait, terminal, quiet },
        onSent: (sent) => add(report, path, sent),
      });
  } catch (error) {
    // What was accepted before stays accepted.
    if (report.accepted + report.rejected > 0) tell();
    throw error;
  } finally {
    interrupted.stop();
  }
  tell();
  if (report.rejected > 0) throw new Ended(EXIT.fault, '');
}

/** What the role has answered for the files so far. */
interface Report {
  accepted: number;
  rejected: number;
  readonly refused: (RefusedLine & { readonly file: string })[];
}

/** Refused lines that are kept to be shown; all of them are counted. */
const KEPT = 1000;

function add(report: Report, file: string, { accepted, refusedCount, refused }: Sent): void {
  report.accepted += accepted;
  report.rejected += refusedCount;
  const room = Math.max(0, KEPT - report.refused.filter((each) => each.file === file).length);
  report.refused.push(...refused.slice(0, room).map((each) => ({ file, ...each })));
}

function tellReport(
  { accepted, rejected, refused }: Report,
  isRaw: boolean,
  { json }: Options,
  terminal: Terminal,
): void {
  // Batches are answered in any order.
  const lines = Object.values(Object.groupBy(refused, ({ file }) => file)).flatMap((own = []) =>
    own.toSorted((a, b) => a.line - b.line),
  );
  if (json === true) {
    terminal.out(jsonText({ accepted, rejected, lines }));
    return;
  }
  terminal.out(`${accepted} accepted, ${rejected} rejected\n`);
  for (const each of lines.slice(0, SHOWN)) {
    const place = isRaw ? each.file : `${each.file}:${each.line}`;
    for (const { code, pointer, message } of each.faults ?? [each]) {
      const at = pointer === '' ? '' : ` at ${visible(pointer)}`;
      terminal.out(`  ${place} ${code}${at}: ${visible(message)}\n`);
    }
  }
  if (rejected > SHOWN) terminal.out(`  … and ${rejected - SHOWN} more; --json lists them\n`);
  if (!isRaw) for (const help of helpFor(lines)) terminal.out(`  help: ${visible(help)}\n`);
}

/** Calls `before` where Ctrl-C ends the process. */
function endOnInterrupt(before: () => void): { stop(): void } {
  const end = (): void => {
    before();
    process.removeListener('SIGINT', end);
    process.kill(process.pid, 'SIGINT');
  };
  process.on('SIGINT', end);
  return { stop: () => void process.removeListener('SIGINT', end) };
}

/** For each file whose first lines are no messages at all. */
function helpFor(refused: readonly { readonly file: string; readonly code: string }[]): readonly string[] {
  const files = refused
    .filter(({ code }) => code === 'invalid_json' || code === 'not_an_object')
    .map(({ file }) => file);
  return [...new Set(files)].flatMap((file) => notNdjson(file) ?? []);
}
