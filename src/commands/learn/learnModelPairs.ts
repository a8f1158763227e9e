import type { Sequential } from '../../layers/sequential.ts';
import type { Optimizer } from '../../learn/descent/optimizers.ts';
import { fitModel, type FitReport } from '../../learn/model/fitModel.ts';
import type { BeforeAfter } from '../../learn/pairs.ts';
import { cutPlanes } from '../../planes/cut.ts';
import { ExpectationError, expected } from '../../planes/expected.ts';
import type { Picture } from '../../planes/picture.ts';

export interface PicturePair {
  readonly before: Picture;
  readonly after: Picture;
}

export interface ModelDescentArguments {
  readonly epochs?: number;
  readonly learningRate?: number;
  readonly optimizer?: Optimizer;
  readonly seed?: number;
  readonly onEpoch?: (epoch: number, loss: number) => void;
}

interface FittedModel {
  readonly report: FitReport;
  readonly losses: readonly EpochLoss[];
}

/** Squared errors in units of white², before an epoch's step. */
export interface EpochLoss {
  /** The epoch, from 1. */
  readonly step: number;
  readonly loss: number;
  /** Of parts that are held out. */
  readonly heldOut?: number;
}

/** Rows and columns of a part that is learned from, or held out. */
const TILE = 64;

/** One part of so many is held out. */
const HELD_OUT = 5;

/** Outputs that a crop gives to an epoch's step, on a side. */
const OUTPUTS = 16;
const CROPS = 8;

/**
 * A stack of layers fitted to parts of the pairs by gradient descent, and judged by the parts that were held out.
 *
 * @throws ExpectationError where pictures are too small to hold anything out, or pairs do not fit the stack
 */
export async function learnModelPairs(
  model: Sequential,
  pairs: readonly PicturePair[],
  how: ModelDescentArguments,
): Promise<FittedModel> {
  const [rows, columns] = model.reach.size;
  const side = Math.max(rows, columns) - 1 + OUTPUTS;
  const tiles = pairs.flatMap((pair) => tilesOf(pair, Math.max(TILE, 2 * side)));
  if (tiles.length < 2) {
    throw expected(
      'pictures of which a part can be held out',
      'a model',
      `${tiles.length} part${tiles.length === 1 ? '' : 's'} of ${TILE}×${TILE}`,
    );
  }
  const first = Math.min(HELD_OUT >> 1, tiles.length - 1);
  const isHeldOut = (i: number): boolean => i % HELD_OUT === first;
  const losses: EpochLoss[] = [];
  const onEpoch = (epoch: number, loss: number, heldOut?: number): void => {
    losses.push({ step: epoch + 1, loss, ...(heldOut === undefined ? {} : { heldOut }) });
    how.onEpoch?.(epoch, loss);
  };
  const { report } = await fitModel(
    model,
    tiles.filter((_, i) => !isHeldOut(i)),
    { ...how, onEpoch, crops: { size: side, perEpoch: CROPS }, heldOut: tiles.filter((_, i) => isHeldOut(i)) },
  );
  return { report, losses };
}

function tilesOf({ before, after }: PicturePair, tile: number): BeforeAfter[] {
  const { height, width } = before.planes;
  if (after.planes.height !== height || after.planes.width !== width) {
    throw new ExpectationError(
      `Expected a map of ${height}×${width}, as its picture, for a model but received ${after.planes.height}×${after.planes.width}`,
    );
  }
  const side = Math.min(tile, height, width);
  const tiles: BeforeAfter[] = [];
  for (let top = 0; top + side <= height; top += side) {
    for (let left = 0; left + side <= width; left += side) {
      const cut = (picture: Picture): Picture => ({
        ...picture,
        planes: cutPlanes(picture.planes, top, left, side, side),
      });
      tiles.push({ before: cut(before), after: cut(after) });
    }
  }
  return tiles;
}
