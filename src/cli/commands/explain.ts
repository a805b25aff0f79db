import type { Command } from '../command.ts';
import { usage } from '../exit.ts';
import { explainedData, explainedText } from '../explained.ts';
import { jsonOption, rootOption } from '../options.ts';
import { loadPlan } from '../program-file.ts';
import type { Terminal } from '../terminal.ts';
import { jsonText } from '../json-text.ts';

interface Options {
  readonly root?: string;
  readonly json?: true;
  readonly permissions?: true;
}

export const explain: Command = {
  name: 'explain',
  register: (parser, terminal) => {
    parser
      .command('explain')
      .summary('print what follows from a file: subjects, consumers, settings, tables, DDL, SQL')
      .description(
        'Prints everything that follows from a file: streams, subjects, consumers, settings, tables, DDL and the SQL of the ' +
          'worker. With a code such as NOM201, prints what the finding means and how to fix it.',
      )
      .argument('<file>', 'a .nom file, or the code of a finding')
      .addOption(jsonOption('everything'))
      .option(
        '--permissions',
        'only the rights that apply and the roles need, as SQL and as the configuration of nats-server',
      )
      .addOption(rootOption())
      .action((file: string, options: Options) => run(file, options, terminal));
  },
};

async function run(file: string, { json, permissions, root }: Options, terminal: Terminal): Promise<void> {
  if (/^NOM\d+$/i.test(file)) {
    terminal.out(await codePage(file.toUpperCase()));
    return;
  }
  const { plan } = loadPlan(file, terminal, root);
  if (permissions === true) {
    const { permissionsText } = await import('../permissions-text.ts');
    terminal.out(permissionsText(plan));
    return;
  }
  terminal.out(json === true ? jsonText(explainedData(plan)) : explainedText(plan));
}

async function codePage(code: string): Promise<string> {
  const { codes } = await import('../../checks/codes.ts');
  const description = codes.get(code);
  if (description === undefined)
    throw usage(`there is no finding ${code}; the codes are ${[...codes.keys()].join(', ')}`);
  return `${description.code}: ${description.title} (${description.severity})\n\n${description.explanation}\n`;
}
