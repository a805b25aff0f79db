import type { Command } from 'commander';

/** A man page for the program and one for each command, by file name, from the definitions that `--help` prints. */
export function manPages(
  program: Command,
  version: string,
  parents: readonly string[] = [],
): Map<string, string> {
  const names = [...parents, program.name()];
  const title = names.join('-');
  const help = program.createHelp();
  const subcommands = help.visibleCommands(program).filter((each) => each.name() !== 'help');
  const options = [...help.visibleOptions(program), ...help.visibleGlobalOptions(program)];
  const page = [
    // The title of a page is in capitals; the date would make each build differ.
    `.TH ${quoted(title.toUpperCase())} 1 "" ${quoted(`nomnom ${version}`)} "nomnom"`,
    '.SH NAME',
    `${escaped(title)} \\- ${escaped(program.summary() || program.description())}`,
    '.SH SYNOPSIS',
    `.B ${escaped(names.join(' '))}`,
    escaped(program.usage()),
    '.SH DESCRIPTION',
    escaped(program.description()),
    ...section(
      'ARGUMENTS',
      program.registeredArguments.map((each) => [each.name(), help.argumentDescription(each)]),
    ),
    ...section(
      'OPTIONS',
      options.map((option) => [option.flags, help.optionDescription(option)]),
    ),
    ...section(
      'COMMANDS',
      subcommands.map((each) => [each.name(), help.subcommandDescription(each)]),
    ),
    ...after(program),
    ...(parents.length === 0 ? [] : ['.SH SEE ALSO', `.BR ${escaped(parents.join('-'))} (1)`]),
  ];
  return new Map([
    [`${title}.1`, `${page.join('\n')}\n`],
    ...subcommands.flatMap((each) => [...manPages(each, version, names)]),
  ]);
}

function section(title: string, entries: readonly (readonly [string, string])[]): readonly string[] {
  if (entries.length === 0) return [];
  return [
    `.SH ${title}`,
    ...entries.flatMap(([term, text]) => ['.TP', `.B ${escaped(term)}`, escaped(text)]),
  ];
}

/** What `--help` prints below the options, as it stands there. */
function after(program: Command): readonly string[] {
  let text = '';
  program.configureOutput({ writeOut: (part) => (text += part) });
  program.outputHelp();
  const rest = text.slice(text.indexOf('\nEnvironment:\n') + 1);
  if (!text.includes('\nEnvironment:\n')) return [];
  return ['.SH ENVIRONMENT', '.nf', ...rest.trimEnd().split('\n').slice(1).map(escaped), '.fi'];
}

/** Text that is not a request, and whose hyphens stay hyphens when they are copied. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', String.raw`\e`)
    .replaceAll('-', String.raw`\-`)
    .replaceAll(/^([.'])/gm, String.raw`\&$1`);
}

function quoted(text: string): string {
  return `"${escaped(text).replaceAll('"', String.raw`\(dq`)}"`;
}
