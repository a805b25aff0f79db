import type { Command } from 'commander';
import { type Values, valuesOf } from './values.ts';

/** What a shell can complete after one command; the program itself is the one without words. */
export interface Completed {
  /** `['dlq', 'list']` for `nomnom dlq list`. */
  readonly words: readonly string[];
  readonly subcommands: readonly Described[];
  readonly options: readonly CompletedOption[];
  /** The values that its operand may have, where they are known. */
  readonly operands: readonly string[];
}

export interface Described {
  readonly name: string;
  readonly about: string;
}

export interface CompletedOption {
  /** `['-q', '--quiet']`. */
  readonly flags: readonly string[];
  readonly about: string;
  /** Of an option that a word follows. */
  readonly values: Values | undefined;
}

/** Every command with what may stand after it, read from the definitions that `--help` reads; the program first. */
export function completed(command: Command, words: readonly string[] = []): readonly Completed[] {
  const help = command.createHelp();
  const globals = words.length === 0 ? [] : help.visibleGlobalOptions(command);
  const subcommands = help.visibleCommands(command);
  return [
    {
      words,
      subcommands: subcommands.map((each) => ({
        name: each.name(),
        about: help.subcommandDescription(each),
      })),
      options: [...help.visibleOptions(command), ...globals]
        .filter(({ long }) => words.length === 0 || long !== '--version')
        .map((option) => ({
          flags: [option.short, option.long].flatMap((flag) => flag ?? []),
          about: option.description,
          values: option.required || option.optional ? valuesOf(option) : undefined,
        })),
      operands: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    },
    ...subcommands
      .filter((each) => each.name() !== 'help')
      .flatMap((each) => completed(each, [...words, each.name()])),
  ];
}
