import type { Completed } from './completed.ts';

/** A script for bash 3.2 and newer, which need not have the package bash-completion. */
export function bashCompletion(commands: readonly Completed[]): string {
  return `# Completion of nomnom for bash: source <(nomnom completion bash)
_nomnom() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} path= each at
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
  elif [[ -n $values ]]; then COMPREPLY=($(compgen -W "$values" -- "$word"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$word"))
    [[ $word == -* || -z $path ]] || _nomnom_files "$word"
  fi
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
      options
        .filter(({ takesValue }) => takesValue)
        .map(({ flags, values }) => {
          const patterns = flags.map((flag) => `"${pathOf(words)} ${flag}"`).join('|');
          return `    ${patterns}) values="${values.length > 0 ? values.join(' ') : 'FILES'}" ;;`;
        }),
    )
    .join('\n');
}
