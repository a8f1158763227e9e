import { Abs } from '../../layers/abs.ts';
import { Conv2d } from '../../layers/conv2d.ts';
import type { Layer } from '../../layers/layer.ts';
import { Magnitude } from '../../layers/magnitude.ts';
import { ReLU } from '../../layers/relu.ts';
import { Sequential } from '../../layers/sequential.ts';
import { Sigmoid } from '../../layers/sigmoid.ts';
import { Square } from '../../layers/square.ts';
import { ExpectationError, expectedOne } from '../../planes/expected.ts';

const PLAIN: Readonly<Record<string, () => Layer>> = {
  relu: ReLU,
  abs: Abs,
  square: Square,
  sigmoid: Sigmoid,
  magnitude: Magnitude,
};

/** Beyond it a mistake is likelier than a wish. */
const WIDEST = 63;
const MOST_CHANNELS = 256;

/**
 * A stack of layers as it is written: `conv 5x5 8` (rows × columns, and how many channels come out), `relu`, `abs`, `square`, `sigmoid` and
 * `magnitude`, separated by commas.
 *
 * @param inputs channels of the pictures
 * @param outputs channels of the maps, which the last layers have to give
 * @throws ExpectationError where a layer is none, or the stack gives other channels
 */
export function modelLayers(text: string, inputs: number, outputs: number, seed: number): Sequential {
  let channels = inputs;
  const layers = text.split(',').map((part, i) => {
    const words = part.trim().split(/\s+/);
    const [kind] = words;
    if (kind === 'conv') {
      const [rows, columns, out] = convNumbers(words, part);
      const layer = Conv2d({
        inChannels: channels,
        outChannels: out,
        kernelSize: [rows, columns],
        seed: (seed + i) % 2 ** 32,
      });
      channels = out;
      return layer;
    }
    const make = PLAIN[kind];
    if (make === undefined || words.length > 1) {
      throw expectedOne(
        `conv rows×columns channels, ${Object.keys(PLAIN).join(', ')}`,
        `a layer of --layers`,
        part.trim(),
        ['conv', ...Object.keys(PLAIN)],
      );
    }
    const layer = make();
    channels = layer.outputs?.(channels) ?? channels;
    return layer;
  });
  if (channels !== outputs) {
    throw new ExpectationError(
      `Expected layers that end in ${outputs} channel${outputs === 1 ? '' : 's'}, as the maps have, for --layers but received ${channels}`,
    );
  }
  return Sequential(layers);
}

function convNumbers(words: readonly string[], part: string): [number, number, number] {
  const match = /^(\d+)[x×](\d+) (\d+)$/.exec(words.slice(1).join(' '));
  const [rows, columns, out] = match === null ? [] : match.slice(1).map(Number);
  const fits = (value: number | undefined, most: number): boolean => value !== undefined && value >= 1 && value <= most;
  if (rows === undefined || !fits(rows, WIDEST) || !fits(columns, WIDEST) || !fits(out, MOST_CHANNELS)) {
    throw new ExpectationError(
      `Expected conv with rows×columns to ${WIDEST} and channels to ${MOST_CHANNELS}, as in conv 5x5 8, for a layer of --layers but received ${part.trim()}`,
    );
  }
  return [rows, columns, out];
}
