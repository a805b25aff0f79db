import type { Completed, CompletedOption } from './completed.ts';

/** A script for zsh: sourced after compinit, or as the file `_nomnom` in a folder of `fpath`. */
export function zshCompletion(commands: readonly Completed[]): string {
  return `#compdef nomnom
# Completion of nomnom for zsh: source <(nomnom completion zsh)
${commands.map(functionOf).join('\n')}
if [[ \${zsh_eval_context[-1]} == loadautofunc ]]; then _nomnom "$@"; else compdef _nomnom nomnom; fi
`;
}

const nameOf = (words: readonly string[]): string => ['_nomnom', ...words].join('_').replaceAll('-', '_');

function functionOf({ words, subcommands, options, operands }: Completed): string {
  const specs = options.map(optionSpec);
  if (subcommands.length === 0) {
    const operand = operands.length > 0 ? `'*:value:(${operands.join(' ')})'` : `'*:file:_files'`;
    return `${nameOf(words)}() {\n  _arguments -s ${[...specs, operand].join(' ')}\n}`;
  }
  const described = subcommands.map(({ name, about }) => quoted(`${name}:${about}`)).join(' ');
  const cases = subcommands
    .filter(({ name }) => name !== 'help')
    .map(({ name }) => `    ${name}) ${nameOf([...words, name])} ;;`)
    .join('\n');
  return `${nameOf(words)}() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -s -C ${specs.join(' ')} '1: :->command' '*:: :->rest'
  case $state in
    command) local -a names=(${described}); _describe command names ;;
    rest) case $line[1] in
${cases}
    esac ;;
  esac
}`;
}

/** A short and a long flag exclude each other; both say the same. */
function optionSpec({ flags, about, takesValue, values }: CompletedOption): string {
  const action = values.length > 0 ? `:value:(${values.join(' ')})` : ':value:_files';
  const text = `[${about.replaceAll(/[[\]\\]/g, String.raw`\$&`).replaceAll(':', String.raw`\:`)}]${takesValue ? action : ''}`;
  const [only] = flags;
  return flags.length === 1
    ? quoted(`${only ?? ''}${text}`)
    : `'(${flags.join(' ')})'{${flags.join(',')}}${quoted(text)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
