import type { Completed } from './completed.ts';
import type { Values } from './values.ts';

/** A script for bash 3.2 and newer, which need not have the package bash-completion. */
export function bashCompletion(commands: readonly Completed[]): string {
  return `# Completion of nomnom for bash: source <(nomnom completion bash)
_nomnom() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} path= each at
  # For bash, the = of --role=worker is a word.
  if [[ $word == = ]]; then word=
  elif [[ $before == = && COMP_CWORD -gt 2 ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    each=\${COMP_WORDS[at]}
    case "$path $each" in
${pathCases(commands)}
    esac
  done
  local words= values=
  case "$path" in
${commands.map(wordCase).join('\n')}
  esac
  case "$path $before" in
${valueCases(commands)}
  esac
  COMPREPLY=()
  if [[ $values == FILES ]]; then _nomnom_files "$word"
  elif [[ $values == NONE ]]; then :
  elif [[ -n $values ]]; then COMPREPLY=($(compgen -W "$values" -- "$word"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$word"))
    [[ $word == -* || -z $path ]] || _nomnom_files "$word"
  fi
}
# The roles of the .nom file on the command line.
_nomnom_roles() {
  local each
  for each in "\${COMP_WORDS[@]}"; do
    [[ $each == *.nom ]] && { "\${COMP_WORDS[0]}" completion --roles "$each" 2>/dev/null; return; }
  done
}
_nomnom_files() {
  local file
  compopt -o filenames 2>/dev/null
  while IFS= read -r file; do
    COMPREPLY+=("$file")
  done < <(compgen -f -- "$1")
}
complete -F _nomnom nomnom
`;
}

const pathOf = (words: readonly string[]): string => words.map((word) => ` ${word}`).join('');

function pathCases(commands: readonly Completed[]): string {
  return commands
    .filter(({ words }) => words.length > 0)
    .map(({ words }) => `      "${pathOf(words)}") path="${pathOf(words)}" ;;`)
    .join('\n');
}

function wordCase({ words, subcommands, options, operands }: Completed): string {
  const all = [...subcommands.map(({ name }) => name), ...operands, ...options.flatMap(({ flags }) => flags)];
  return `    "${pathOf(words)}") words="${all.join(' ')}" ;;`;
}

function valueCases(commands: readonly Completed[]): string {
  return commands
    .flatMap(({ words, options }) =>
      options.flatMap(({ flags, values }) => {
        if (values === undefined) return [];
        const patterns = flags.map((flag) => `"${pathOf(words)} ${flag}"`).join('|');
        return [`    ${patterns}) values="${wordsFor(values)}" ;;`];
      }),
    )
    .join('\n');
}

/** Names where the function `_nomnom` looks for something else. */
function wordsFor(values: Values): string {
  switch (values.kind) {
    case 'these':
      return values.values.join(' ');
    case 'roles':
      // Without a file there is no role: it must not be taken for "no option".
      return '$(_nomnom_roles) ';
    case 'files':
      return 'FILES';
    case 'none':
      return 'NONE';
  }
}
