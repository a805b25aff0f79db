import type { Completed, CompletedOption } from './completed.ts';
import type { Values } from './values.ts';

/** A script for zsh: sourced after compinit, or as the file `_nomnom` in a folder of `fpath`. */
export function zshCompletion(commands: readonly Completed[]): string {
  return `#compdef nomnom
# Completion of nomnom for zsh: source <(nomnom completion zsh), after compinit
# The roles of the .nom file on the command line.
_nomnom_roles() {
  local file=\${\${(M)words:#*.nom}[1]}
  [[ -n $file ]] && compadd -- \${(f)"$(_call_program roles nomnom completion --roles \${(q)\${(Q)file}} 2>/dev/null)"}
}
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

/** A short and a long flag exclude each other; both say the same. `+` and `=`: the value may also stand in the same word. */
function optionSpec({ flags, about, values }: CompletedOption): string {
  const text = `[${about.replaceAll(/[[\]\\]/g, String.raw`\$&`).replaceAll(':', String.raw`\:`)}]${values === undefined ? '' : actionOf(values)}`;
  const named = flags.map((flag) =>
    values === undefined ? flag : `${flag}${flag.startsWith('--') ? '=' : '+'}`,
  );
  const [only] = named;
  return flags.length === 1
    ? quoted(`${only ?? ''}${text}`)
    : `'(${flags.join(' ')})'{${named.join(',')}}${quoted(text)}`;
}

function actionOf(values: Values): string {
  switch (values.kind) {
    case 'these':
      return `:value:(${values.values.join(' ')})`;
    case 'roles':
      return ':role:_nomnom_roles';
    case 'files':
      return ':file:_files';
    case 'none':
      return ':value:';
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
