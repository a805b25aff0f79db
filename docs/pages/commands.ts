import { Command } from 'commander';
import { commands } from '../../src/cli/commands/registry.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { code, table } from './markdown.ts';

/** `docs/reference/commands.md`: every command with its arguments and options, from the definitions that `--help` reads. */
export function commandsPage(): string {
  const parser = new Command('nomnom');
  for (const command of commands) command.register(parser, unused);
  return [
    '# Commands',
    'Exit status of every command: 0 success, 1 findings or a failure, 2 wrong usage. `--help` prints the text of this page.',
    '',
    table(
      ['command', 'does'],
      parser.commands.map((command) => [
        `[${code(`nomnom ${command.name()}`)}](#nomnom-${command.name()})`,
        command.summary(),
      ]),
    ),
    ...parser.commands.flatMap((command) => sections(command, 'nomnom', 2)),
  ].join('\n');
}

function sections(command: Command, parent: string, level: number): readonly string[] {
  const name = `${parent} ${command.name()}`;
  const options = command.createHelp().visibleOptions(command);
  const operands = command.registeredArguments.filter(({ description }) => description !== '');
  return [
    `\n${'#'.repeat(level)} ${name}\n`,
    `\`\`\`\n${name} ${command.usage()}\n\`\`\`\n`,
    `${command.description()}\n`,
    operands.length === 0
      ? ''
      : table(
          ['argument', 'meaning'],
          operands.map((operand) => [code(operand.name()), operand.description]),
        ),
    table(
      ['option', 'meaning'],
      options.map((option) => [code(option.flags), `${option.description}${extra(option)}`]),
    ),
    ...command.commands.flatMap((each) => sections(each, name, level + 1)),
  ];
}

function extra(option: { readonly argChoices?: readonly string[]; readonly defaultValue?: unknown }): string {
  const choices = option.argChoices === undefined ? [] : [`one of ${option.argChoices.join(', ')}`];
  const { defaultValue } = option;
  const known = typeof defaultValue === 'string' || typeof defaultValue === 'number';
  const parts = known ? [...choices, `default ${defaultValue}`] : choices;
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

/** The commands are only described here, never run. */
const unused = {} as Terminal;
