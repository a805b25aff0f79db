import type { Command } from '../command.ts';
import { entityNamed } from '../entity-named.ts';
import { Ended, EXIT } from '../exit.ts';
import { jsonOption, quietOption } from '../options.ts';
import { loadPlan } from '../program-file.ts';
import { sendFile } from '../send-file.ts';
import { setting } from '../settings.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly url?: string;
  readonly quiet?: true;
  readonly json?: true;
}

export const send: Command = {
  name: 'send',
  register: (parser, terminal) => {
    parser
      .command('send')
      .summary('send a file of messages, one JSON object a line, to the ingest role')
      .description(
        'Sends every line of an NDJSON file to the ingest role in batches, waiting where the role is busy. A batch whose answer\n' +
          'is lost is sent again under the same key, so it has one effect. Exit status 1 where any line was refused.',
      )
      .argument('<file>', 'the .nom file')
      .argument('<entity>', 'the entity that each line is')
      .argument('<data>', 'an NDJSON file')
      .option(
        '--url <url>',
        'the ingest role; http://127.0.0.1:PORT when left out, PORT being that of the role unless set',
      )
      .addOption(quietOption())
      .addOption(jsonOption('what was accepted and refused'))
      .action((file: string, entity: string, data: string, options: Options) =>
        run(file, entity, data, options, terminal),
      );
  },
};

/** Refused lines that a person is shown. */
const SHOWN = 10;

async function run(
  file: string,
  name: string,
  path: string,
  options: Options,
  terminal: Terminal,
): Promise<void> {
  const { plan } = loadPlan(file, terminal);
  const entity = entityNamed(plan, name);
  const rolePort = plan.roles.find((role) => role.publishes.length > 0)?.settings.port ?? 8080;
  const url = (options.url ?? `http://127.0.0.1:${setting('PORT') ?? rolePort}`).replace(/\/$/, '');
  const quiet = options.quiet === true || options.json === true;
  const sent = await sendFile({ path, entity: entity.name, url, terminal, quiet });
  const summary = { accepted: sent.accepted, rejected: sent.refusedCount };
  if (options.json === true)
    terminal.out(`${JSON.stringify({ ...summary, lines: sent.refused }, null, 2)}\n`);
  else if (options.quiet !== true) {
    terminal.out(`${sent.accepted} accepted, ${sent.refusedCount} rejected\n`);
    for (const { line, code, pointer, message } of sent.refused.slice(0, SHOWN))
      terminal.out(`  ${path}:${line} ${code}${pointer === '' ? '' : ` at ${pointer}`}: ${message}\n`);
    if (sent.refusedCount > SHOWN)
      terminal.out(`  … and ${sent.refusedCount - SHOWN} more; --json lists them\n`);
  }
  if (sent.refusedCount > 0) throw new Ended(EXIT.fault, '');
}
