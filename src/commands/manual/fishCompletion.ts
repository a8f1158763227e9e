import { type CommandTable, isSwitch, shortNames, wordsOf } from './commandTables.ts';

/** What makes fish complete commands, options with their descriptions, and their words. */
export function fishCompletion(commands: readonly CommandTable[]): string {
  return [
    '# Completion of corr2d for fish: a file of this in ~/.config/fish/completions, named corr2d.fish',
    ...commands.map(
      ({ name, description }) => `complete -c corr2d -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
    ),
    ...commands.flatMap(linesOf),
    '',
  ].join('\n');
}

function linesOf({ name, options, positionals }: CommandTable): string[] {
  const here = `complete -c corr2d -n '__fish_seen_subcommand_from ${name}'`;
  const choices = positionals[0]?.about.choices ?? [];
  return [
    ...(choices.length > 0 ? [`${here} -f -a ${quoted(choices.join(' '))}`] : []),
    ...options.map((option) => {
      const words = wordsOf(option);
      const short = shortNames(option.about).map((one) => ` -s ${one}`);
      const value = isSwitch(option.about) ? '' : words.length > 0 ? ` -x -a ${quoted(words.join(' '))}` : ' -r';
      return `${here} -l ${option.name}${short.join('')}${value} -d ${quoted(option.about.describe ?? '')}`;
    }),
  ];
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, (c) => `\\${c}`)}'`;
}
