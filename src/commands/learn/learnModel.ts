import type { FoundModel, PicturePair } from './learnAs.ts';
import { learnModelPairs, type ModelDescentArguments } from './learnModelPairs.ts';
import { DEFAULT_LAYERS } from './learnOptions.ts';
import { modelLayers } from './modelLayers.ts';

/** A stack of layers for the pairs, by gradient descent. */
export async function learnModel(
  pairs: readonly PicturePair[],
  layers: string = DEFAULT_LAYERS,
  how: ModelDescentArguments,
): Promise<FoundModel> {
  const [{ before, after }] = pairs;
  const model = modelLayers(layers, before.planes.channels, after.planes.channels, how.seed ?? 0);
  return { model, layers, ...(await learnModelPairs(model, pairs, how)), tried: [] };
}
