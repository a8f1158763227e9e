import { expected, expectedOne } from '../planes/expected.ts';

/** How a net of other people wants samples, which its file does not say. */
export interface NetInput {
  /** In which order colours come. */
  readonly order: 'rgb' | 'bgr';
  /** What white is, before the mean is taken away. */
  readonly white: number;
  /** What is taken away from each colour, in the order in which they come; and what they are divided by then. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

const NOTHING = { mean: [0, 0, 0], deviation: [1, 1, 1] } as const;

/**
 * How most nets were trained: `unit`, from 0 to 1; `imagenet`, as torchvision's and so PiDiNet; `caffe`, as VGG's in Caffe and so HED, RCF and
 * DexiNed; `bytes`, from 0 to 255.
 */
const NAMED_INPUTS: Readonly<Record<string, NetInput>> = {
  unit: { order: 'rgb', white: 1, ...NOTHING },
  imagenet: { order: 'rgb', white: 1, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  caffe: { order: 'bgr', white: 255, mean: [103.939, 116.779, 123.68], deviation: [1, 1, 1] },
  bytes: { order: 'rgb', white: 255, ...NOTHING },
};

export const NET_INPUT_NAMES: readonly string[] = Object.keys(NAMED_INPUTS);

/** What stands where nothing is said. */
export const DEFAULT_INPUT = 'unit';

/**
 * An input by its name, or by words: `bgr white 255 mean 104,117,123 deviation 1,1,1`, of which any may be left out. One number for the mean
 * or the deviation stands for every colour.
 *
 * @throws ExpectationError for other words or numbers
 * @example
 * netInput('bgr white 255').mean // [0, 0, 0]
 */
export function netInput(text: string, where = 'input'): NetInput {
  const words = text.trim().split(/\s+/);
  if (words.length === 1 && words[0] in NAMED_INPUTS) return NAMED_INPUTS[words[0]];
  let input: NetInput = NAMED_INPUTS[DEFAULT_INPUT];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === 'rgb' || word === 'bgr') input = { ...input, order: word };
    else if (word === 'white') input = { ...input, white: positive(words[++at], `white of ${where}`) };
    else if (word === 'mean') input = { ...input, mean: three(words[++at], `mean of ${where}`) };
    else if (word === 'deviation') {
      const deviation = three(words[++at], `deviation of ${where}`);
      input = { ...input, deviation: deviation.map((one) => positive(String(one), `deviation of ${where}`)) };
    } else {
      const what = `one of ${NET_INPUT_NAMES.join(', ')}, or words such as bgr white 255 mean 104,117,123 deviation 1,1,1,`;
      throw expectedOne(what, where, text, NET_INPUT_NAMES);
    }
  }
  return input;
}

function positive(word: string | undefined, where: string): number {
  const value = Number(word);
  if (word === undefined || !(value > 0 && Number.isFinite(value))) throw expected('a number above 0', where, word);
  return value;
}

function three(word: string | undefined, where: string): number[] {
  const numbers = (word ?? '').split(',').map((part) => (part === '' ? Number.NaN : Number(part)));
  if (numbers.every(Number.isFinite) && numbers.length === 1) return [numbers[0], numbers[0], numbers[0]];
  if (numbers.every(Number.isFinite) && numbers.length === 3) return numbers;
  throw expected('one number, or three with commas between them,', where, word);
}
