import { type Command as Parser, Option } from 'commander';
import type { Command } from '../command.ts';
import type { KeysFlags } from '../keys/actions.ts';
import { databaseOption, jsonOption, ledgerSchemaOption, rootOption, yesOption } from '../options.ts';

const actions = () => import('../keys/actions.ts');

export const keys: Command = {
  name: 'keys',
  register: (parser, terminal) => {
    const family = parser
      .command('keys')
      .summary('create, list, rotate and revoke the keys of senders')
      .description(
        'The keys that senders prove themselves with, as `Authorization: Bearer KEY`. They are stored in DATABASE_URL as hashes. Once ' +
          'a pipeline has a key, every message and every question for a status needs one, also after the last key is revoked. Running ' +
          'roles notice a change within a few seconds.',
      );

    add(
      family,
      'create',
      'create a key and print it, once',
      'Prints the key on standard output. It cannot be shown again. Its name becomes `meta.source` of every message, and its holder ' +
        'can read the status of its own messages only. Asks before the first key of a pipeline, which closes it to senders without one.',
    )
      .argument('<name>', 'who has the key: letters, digits, dot, dash and underscore')
      .addOption(
        listOption(
          '--entity <entity>',
          'an entity that the key may send; may be repeated (default: all of them)',
        ),
      )
      .addOption(
        listOption('--scope <scopes>', 'what the key may do, with commas between (default: ingest,status)'),
      )
      .option(
        '--rate <rate>',
        'messages that each ingest process takes with the key, such as 100/s (default: no limit)',
      )
      .addOption(yesOption())
      .addOption(jsonOption('the key with its terms'))
      .action(async (file: string, name: string, flags: KeysFlags) =>
        (await actions()).create(file, name, flags, terminal),
      );

    add(
      family,
      'list',
      'list the keys',
      'Lists the keys of the pipeline, the oldest first. Nothing can print a key itself again.',
    )
      .option('--ended', 'include keys that were revoked or rotated')
      .addOption(jsonOption('the list'))
      .action(async (file: string, flags: KeysFlags) => (await actions()).list(file, flags, terminal));

    add(
      family,
      'rotate',
      'give a name a new key, and let the old one end later',
      'Prints a new key with the same name, scopes, entities and rate. The old key is valid for the time of --keep.',
    )
      .argument('<name>', 'the name of the key')
      .option(
        '--keep <duration>',
        'how long the old key stays valid, such as 30m, 24h or 7d; 0s asks first',
        '24h',
      )
      .addOption(yesOption())
      .addOption(jsonOption('the new key'))
      .action(async (file: string, name: string, flags: KeysFlags) =>
        (await actions()).rotate(file, name, flags, terminal),
      );

    add(
      family,
      'revoke',
      'end a key now',
      'Ends every key of the name. Running roles refuse it within 10 s. Asks first, unless --yes is given.',
    )
      .argument('<name>', 'the name of the key')
      .addOption(yesOption())
      .action(async (file: string, name: string, flags: KeysFlags) =>
        (await actions()).revoke(file, name, flags, terminal),
      );
  },
};

function listOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser<readonly string[] | undefined>((value, before = []) => [
    ...before,
    ...value.split(','),
  ]);
}

function add(family: Parser, name: string, summary: string, description: string): Parser {
  return family
    .command(name)
    .summary(summary)
    .description(description)
    .argument('<file>', 'the .nom file')
    .addOption(databaseOption())
    .addOption(ledgerSchemaOption())
    .addOption(rootOption());
}
