import type { Completed, CompletedOption } from './completed.ts';
import type { Values } from './values.ts';

/** A script for fish 3 and newer. */
export function fishCompletion(commands: readonly Completed[]): string {
  return `# Completion of nomnom for fish: nomnom completion fish | source
function __nomnom_at
    # The words before the cursor that are no options, compared with the words of a command.
    set -l words (commandline -opc | string match -v -- '-*')[2..-1]
    test (count $words) -ge (count $argv); or return 1
    for at in (seq (count $argv))
        test "$words[$at]" = "$argv[$at]"; or return 1
    end
end
function __nomnom_only
    set -l words (commandline -opc | string match -v -- '-*')[2..-1]
    test (count $words) -eq (count $argv); and __nomnom_at $argv
end
function __nomnom_roles
    # The roles of the .nom file on the command line.
    set -l words (commandline -opc)
    set -l files (string match -- '*.nom' $words)
    test (count $files) -gt 0; and $words[1] completion --roles $files[1] 2>/dev/null
end
complete -c nomnom -e
complete -c nomnom -n '__nomnom_only' -f
${commands.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ words, subcommands, options, operands }: Completed): readonly string[] {
  const within = (condition: string): string => quoted([condition, ...words].join(' '));
  return [
    ...subcommands.map(
      ({ name, about }) =>
        `complete -c nomnom -n ${within('__nomnom_only')} -f -a ${name} -d ${quoted(about)}`,
    ),
    ...(operands.length > 0
      ? [`complete -c nomnom -n ${within('__nomnom_only')} -f -a ${quoted(operands.join(' '))}`]
      : []),
    ...options.map(
      (option) =>
        `complete -c nomnom -n ${within(words.length === 0 ? '__nomnom_only' : '__nomnom_at')} ${flagsOf(option)}`,
    ),
  ];
}

function flagsOf({ flags, about, values }: CompletedOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  return [...names, ...(values === undefined ? [] : valueOf(values)), '-d', quoted(about)].join(' ');
}

function valueOf(values: Values): readonly string[] {
  switch (values.kind) {
    case 'these':
      return ['-x', '-a', quoted(values.values.join(' '))];
    case 'roles':
      return ['-x', '-a', quoted('(__nomnom_roles)')];
    case 'files':
      return ['-r'];
    case 'none':
      return ['-x'];
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
}
