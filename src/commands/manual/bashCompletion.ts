import { type CommandTable, isSwitch, shortNames, wordsOf } from './commandTables.ts';

/** What makes bash complete commands, options and their words; elsewhere it completes names of files, as it does by itself. */
export function bashCompletion(commands: readonly CommandTable[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return [
    '# Completion of corr2d for bash: eval "$(corr2d completion bash)", or a file of this in /etc/bash_completion.d',
    '_corr2d() {',
    '  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" command="${COMP_WORDS[1]}" words=""',
    '  COMPREPLY=()',
    '  if ((COMP_CWORD == 1)); then',
    `    COMPREPLY=($(compgen -W "${names} --help --version" -- "$word"))`,
    '    return',
    '  fi',
    '  case "$command $before" in',
    ...commands.flatMap(wordLines),
    '  esac',
    '  if [[ -n $words ]]; then',
    '    COMPREPLY=($(compgen -W "$words" -- "$word"))',
    '    return',
    '  fi',
    '  [[ $word == -* ]] || return',
    '  case "$command" in',
    ...commands.map(({ name, options }) => {
      const all = [...options.map((option) => `--${option.name}`), '--help'].join(' ');
      return `    ${name}) words="${all}" ;;`;
    }),
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$word"))',
    '}',
    'complete -o default -F _corr2d corr2d',
    '',
  ].join('\n');
}

function wordLines({ name, options, positionals }: CommandTable): string[] {
  const ofOptions = options.flatMap((option) => {
    const words = wordsOf(option);
    if (words.length === 0 || isSwitch(option.about)) return [];
    const spelt = [`--${option.name}`, ...shortNames(option.about).map((short) => `-${short}`)];
    return [`    ${spelt.map((one) => `"${name} ${one}"`).join(' | ')}) words="${words.join(' ')}" ;;`];
  });
  const [first] = positionals;
  const choices = first?.about.choices ?? [];
  return choices.length === 0 ? ofOptions : [...ofOptions, `    "${name} ${name}") words="${choices.join(' ')}" ;;`];
}
