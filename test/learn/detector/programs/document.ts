import type { LearnedDetector } from '../../../../src/index.ts';
import { isWords, type MapCase } from './table.ts';

/** An edge map, and what was found of it. */
export interface MapRow extends MapCase {
  readonly kind: 'grey' | 'rgb';
  readonly found: LearnedDetector | undefined;
  /** Of the processor. */
  readonly seconds: number;
}

const HEAD = `# Edge maps of other programs

Edge maps that other programs and our own operators made of one photograph, 384×288 samples, grey and in colour, and the detector that
\`learnDetector\` found behind each. The test beside this file makes the maps again and fails where another detector is found or where fewer
samples come out. The certificate is the share of the map's samples that \`detectEdges\` gives back with the detector; seconds are those of
one processor, and are not compared. In Python \`g\` is the grey of \`before\`: by \`cv2.cvtColor\`, or by \`skimage.color.rgb2gray\`.

| program | map | made by | found | certificate | seconds |
| --- | --- | --- | --- | --- | --- |`;

/** A Markdown document of maps and what was found of them. */
export function documentOf(rows: readonly MapRow[]): string {
  const lines = rows.map((row) => {
    const cells = [row.program, `${row.name}, ${row.kind}`, code(madeText(row)), foundText(row), certificateText(row)];
    return `| ${[...cells, row.seconds.toFixed(1)].join(' | ')} |`;
  });
  const reasons = rows.flatMap(({ name, kind, reason }) =>
    reason === undefined ? [] : [`- ${name}, ${kind}: ${reason}.`],
  );
  return `${[HEAD, ...lines, '', 'Where not every sample comes out:', '', ...reasons].join('\n')}\n`;
}

/** The document but for what another run measures otherwise. */
export function withoutSeconds(document: string): string {
  return document.replaceAll(/ \| [\d.]+ \|$/gm, ' |');
}

function madeText({ made }: MapCase): string {
  // Without what makes `g` of `before`.
  if (typeof made === 'string') return /^\(lambda g: (.*)\)\(before if /.exec(made)?.[1] ?? made;
  if (isWords(made)) return made.map((word) => ({ IN: 'before.png', OUT: 'after.png' })[word] ?? word).join(' ');
  const words = Object.entries(made).map(([name, value]) =>
    value === true ? `--${name}` : `--${name} ${String(value)}`,
  );
  return ['corr2d detect before.png', ...words].join(' ');
}

function foundText({ found }: MapRow): string {
  const { from } = found?.detector ?? {};
  return from === undefined ? 'none that has a name' : code(from.call);
}

/** Of a share that another processor gives otherwise only what it has to be. */
function certificateText({ found, share }: MapRow): string {
  const { reproduced = 0, samples = 1 } = found?.report.certificate ?? {};
  if (reproduced === samples) return 'every sample';
  return share === undefined ? `${Math.floor((1e4 * reproduced) / samples) / 100} %` : `at least ${100 * share} %`;
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|').replaceAll('\n', ' ')}\``;
}
