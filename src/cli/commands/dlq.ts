import type { Command as Parser } from 'commander';
import type { Command } from '../command.ts';
import type { DlqFlags } from '../dlq/flags.ts';
import { addSelection } from '../dlq/selection.ts';
import {
  databaseOption,
  jsonOption,
  ledgerSchemaOption,
  natsOption,
  rootOption,
  yesOption,
} from '../options.ts';

const actions = () => import('../dlq/actions.ts');

export const dlq: Command = {
  name: 'dlq',
  register: (parser, terminal) => {
    const family = parser
      .command('dlq')
      .summary('look at dead letters, repair them, replay or drop them')
      .description(
        'Messages that failed by their own fault, with the original bytes and the error. A dead letter has the id of its message. ' +
          'DATABASE_URL and NATS_URL are those of the roles.',
      );

    const list = add(family, 'list', 'list dead letters, the latest failures first')
      .argument('[message-id...]', 'only these messages')
      .option('--replayed', 'include dead letters that were replayed');
    addSelection(list, 'the largest number of dead letters (default 50)').addOption(jsonOption('the list'));
    list.action(async (file: string, ids: readonly string[], flags: DlqFlags) =>
      (await actions()).list(file, ids, flags, terminal),
    );

    add(family, 'show', 'print everything about a dead letter, including its body')
      .argument('<message-id>', 'the message')
      .addOption(jsonOption('it'))
      .action(async (file: string, id: string, flags: DlqFlags) =>
        (await actions()).show(file, [id], flags, terminal),
      );

    const replay = add(
      family,
      'replay',
      'publish dead letters again',
      'Publishes dead letters again under a new generation, so that they are applied again and take effect once. Two replays ' +
        'of the same dead letter at once are safe: one wins, and the other reports it. Asks first, unless --yes is given. Exit ' +
        'status 1 if any was not replayed.',
    )
      .argument('[message-id...]', 'these messages')
      .option('--all', 'every dead letter of the pipeline')
      .option(
        '--body <file>',
        'an edited body for one message, or - for standard input; the file must accept it',
      )
      .addOption(yesOption());
    addSelection(replay, 'the largest number of dead letters')
      .addOption(natsOption())
      .addOption(jsonOption('the result for each of them'));
    replay.action(async (file: string, ids: readonly string[], flags: DlqFlags) =>
      (await actions()).replay(file, ids, flags, terminal),
    );

    const drop = add(
      family,
      'drop',
      'delete dead letters permanently',
      'Deletes dead letters with their bodies. The status of their messages stays dlq. Asks first, unless --yes is given.',
    )
      .argument('[message-id...]', 'these messages')
      .option('--all', 'every dead letter of the pipeline')
      .option('--replayed', 'include dead letters that were replayed')
      .addOption(yesOption());
    addSelection(drop, 'the largest number of dead letters').addOption(jsonOption('how many were dropped'));
    drop.action(async (file: string, ids: readonly string[], flags: DlqFlags) =>
      (await actions()).drop(file, ids, flags, terminal),
    );

    const exported = add(
      family,
      'export',
      'print dead letters as NDJSON, with headers and body',
      'Prints one JSON object per line: `body` has the text, or `body_base64` has the bytes if they are not UTF-8.',
    )
      .argument('[message-id...]', 'only these messages')
      .option('--replayed', 'include dead letters that were replayed');
    addSelection(exported, 'the largest number of dead letters');
    exported.action(async (file: string, ids: readonly string[], flags: DlqFlags) =>
      (await actions()).exportAll(file, ids, flags, terminal),
    );

    const simulate = add(
      family,
      'simulate',
      'evaluate dead letters with a changed file, without writing',
      'Decodes, checks and derives the open dead letters like a worker of this file. Prints how many would succeed now, by the ' +
        'code of their error, and how the others would fail. Writes nothing and publishes nothing.',
    )
      .argument('[message-id...]', 'only these messages')
      .option('--pipeline <name>', 'the pipeline of the dead letters, if the changed file has another name');
    addSelection(simulate, 'the largest number of dead letters').addOption(jsonOption('the counts'));
    simulate.action(async (file: string, ids: readonly string[], flags: DlqFlags) =>
      (await actions()).simulate(file, ids, flags, terminal),
    );
  },
};

function add(family: Parser, name: string, summary: string, description = `${summary}.`): Parser {
  return family
    .command(name)
    .summary(summary)
    .description(description.charAt(0).toUpperCase() + description.slice(1))
    .argument('<file>', 'the .nom file')
    .addOption(databaseOption())
    .addOption(ledgerSchemaOption())
    .addOption(rootOption());
}
