import type { Command as Parser } from 'commander';
import type { Command } from '../command.ts';
import type { DlqFlags } from '../dlq/flags.ts';
import { addSelection } from '../dlq/selection.ts';
import { databaseOption, jsonOption, natsOption, rootOption } from '../options.ts';

const actions = () => import('../dlq/actions.ts');

export const dlq: Command = {
  name: 'dlq',
  register: (parser, terminal) => {
    const family = parser
      .command('dlq')
      .summary('look at dead letters, repair them, replay or drop them')
      .description(
        'Messages that failed by their own fault, with the original bytes and the error. A dead letter is named by its message\n' +
          'id. DATABASE_URL and NATS_URL are those of the roles.',
      );

    const list = add(family, 'list', 'list dead letters, those that failed last first')
      .argument('[message-id...]', 'only these messages')
      .option('--replayed', 'also those that were replayed');
    addSelection(list, 'how many at most (default 50)').addOption(jsonOption('the list'));
    list.action(async (file: string, ids: readonly string[], flags: DlqFlags) =>
      (await actions()).list(file, ids, flags, terminal),
    );

    add(family, 'show', 'print everything about a dead letter, its body included')
      .argument('<message-id>', 'the message')
      .addOption(jsonOption('it'))
      .action(async (file: string, id: string, flags: DlqFlags) =>
        (await actions()).show(file, [id], flags, terminal),
      );

    const replay = add(
      family,
      'replay',
      'publish dead letters again',
      'Publishes dead letters again under a new generation, so that they are worked once more and take effect once. Two who\n' +
        'replay the same letter at once do not double it: one wins, the other is told. Exit status 1 where any was not replayed.',
    )
      .argument('[message-id...]', 'these messages')
      .option('--all', 'every dead letter of the pipeline')
      .option(
        '--body <file>',
        'an edited body for one message, or - for standard input; refused where the file refuses it',
      );
    addSelection(replay, 'how many at most')
      .addOption(natsOption())
      .addOption(jsonOption('what became of each'));
    replay.action(async (file: string, ids: readonly string[], flags: DlqFlags) =>
      (await actions()).replay(file, ids, flags, terminal),
    );

    const drop = add(
      family,
      'drop',
      'delete dead letters for good',
      'Deletes dead letters with their bodies. The status of their messages stays dlq. Asks first, unless --yes.',
    )
      .argument('[message-id...]', 'these messages')
      .option('--all', 'every dead letter of the pipeline')
      .option('--replayed', 'also those that were replayed')
      .option('-y, --yes', 'do not ask');
    addSelection(drop, 'how many at most').addOption(jsonOption('how many were dropped'));
    drop.action(async (file: string, ids: readonly string[], flags: DlqFlags) =>
      (await actions()).drop(file, ids, flags, terminal),
    );

    const exported = add(
      family,
      'export',
      'print dead letters as NDJSON, with headers and body',
      'Prints one JSON object a line: `body` is the text, or `body_base64` the bytes where they are not UTF-8.',
    )
      .argument('[message-id...]', 'only these messages')
      .option('--replayed', 'also those that were replayed');
    addSelection(exported, 'how many at most');
    exported.action(async (file: string, ids: readonly string[], flags: DlqFlags) =>
      (await actions()).exportAll(file, ids, flags, terminal),
    );

    const simulate = add(
      family,
      'simulate',
      'run dead letters through a changed file, without writing',
      'Decodes, checks and derives the open dead letters as a worker of this file would, and says how many would pass now, by\n' +
        'the code of their error, and what the others would say. Writes nothing and publishes nothing.',
    )
      .argument('[message-id...]', 'only these messages')
      .option('--pipeline <name>', 'whose dead letters, where the changed file has another name');
    addSelection(simulate, 'how many at most').addOption(jsonOption('the counts'));
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
    .addOption(rootOption());
}
