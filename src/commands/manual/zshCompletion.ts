import { type CommandTable, isSwitch, shortNames, wordsOf } from './commandTables.ts';

/** What makes zsh complete commands, options with their descriptions, and their words. */
export function zshCompletion(commands: readonly CommandTable[]): string {
  return [
    '#compdef corr2d',
    '# Completion of corr2d for zsh: a file _corr2d of this in a folder of $fpath, or source <(corr2d completion zsh)',
    '_corr2d() {',
    '  local context state line',
    '  typeset -A opt_args',
    "  _arguments -C '1: :->command' '*:: :->words'",
    '  case $state in',
    '    command)',
    '      local -a commands=(',
    ...commands.map(({ name, description }) => `        ${quoted(`${name}:${description}`)}`),
    '      )',
    "      _describe 'command' commands",
    '      ;;',
    '    words)',
    '      case $line[1] in',
    ...commands.flatMap(caseOf),
    '      esac',
    '      ;;',
    '  esac',
    '}',
    'if [[ $funcstack[1] == _corr2d ]]; then _corr2d "$@"; else compdef _corr2d corr2d; fi',
    '',
  ].join('\n');
}

function caseOf({ name, options, positionals }: CommandTable): string[] {
  const lines = options.flatMap((option) => {
    const words = wordsOf(option);
    const spelt = [`--${option.name}`, ...shortNames(option.about).map((short) => `-${short}`)];
    const action = words.length > 0 ? `:${option.name}:(${words.join(' ')})` : `:${option.name}:_files`;
    const text = `[${bracketed(option.about.describe ?? '')}]${isSwitch(option.about) ? '' : action}`;
    return spelt.map((one) => `            ${quoted(`${option.about.array ? '*' : ''}${one}${text}`)}`);
  });
  const choices = positionals[0]?.about.choices ?? [];
  const rest = choices.length > 0 ? `1:${positionals[0].name}:(${choices.join(' ')})` : '*:file:_files';
  return [
    `        ${name})`,
    '          _arguments \\',
    ...lines.map((line) => `${line} \\`),
    `            '--help[show help]' ${quoted(rest)}`,
    '          ;;',
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** In a description brackets end it, and colons its part. */
function bracketed(text: string): string {
  return text.replace(/[[\]:\\]/g, (c) => `\\${c}`);
}
