import { type Pair, pairOf } from '../../correlate/geometry.ts';
import type { Layer } from '../../layers/layer.ts';
import { type Random, seededRandom } from '../../layers/random.ts';
import { evenPart, periodOf } from '../../layers/reach.ts';
import { Sequential } from '../../layers/sequential.ts';
import { expectChoice, expected, expectInteger } from '../../planes/expected.ts';
import { expectOptions, optionNames } from '../../planes/expectOptions.ts';
import { toUnit } from '../../planes/planes.ts';
import type { Residual } from '../moments/residual.ts';
import { type BeforeAfter, type Example, examplesOf } from '../pairs.ts';
import { type Objective, residualOver } from './compareView.ts';
import { descendModel, type ModelDescent } from './descendModel.ts';
import { type ClassWeights, crossEntropy, LOSSES, type LossName, SQUARED_ERROR, weightsOf } from './losses.ts';
import { expectFitting, randomView, type View, wholeOf } from './view.ts';

export interface Crops {
  /** Rows and columns of a crop; at most the picture's are taken. */
  readonly size: Pair;
  /** Crops that one epoch's loss and step are taken from; 4 by default. */
  readonly perEpoch?: number;
}

export interface FitOptions extends ModelDescent {
  /** `squared-error` by default. `cross-entropy` is for models that end in a sigmoid and afters from 0 to white. */
  loss?: LossName;
  /** What samples after of 0 and of white count under `cross-entropy`; 1 and 1 by default. */
  classWeights?: ClassWeights;
  /** Random parts of the pairs for every epoch; all of every pair by default. */
  crops?: Crops;
  /** Pairs that are judged by and not learned from; with `crops`, by crops of them that are drawn once. */
  heldOut?: readonly BeforeAfter[];
  /** Of the crops, 0 to 2^32 − 1; 0 by default. */
  seed?: number;
}

/** How well the model gives the afters: its squared error, whatever the loss was. */
export interface FitReport extends Residual {
  readonly epochs: number;
  /** Samples compared. */
  readonly samples: number;
  /** The same of the pairs that were held out. */
  readonly heldOut?: Residual & { readonly samples: number };
}

export interface FitResult<Model extends Layer> {
  /** The model that was given; its parameters have changed. */
  readonly model: Model;
  /** The loss of every epoch, before its step. */
  readonly history: number[];
  readonly report: FitReport;
}

const OPTIONS = optionNames<FitOptions>({
  loss: true,
  classWeights: true,
  epochs: true,
  learningRate: true,
  optimizer: true,
  reduction: true,
  crops: true,
  heldOut: true,
  patience: true,
  seed: true,
  onEpoch: true,
  signal: true,
});

const OPTIONS_OF_CROPS = optionNames<Crops>({ size: true, perEpoch: true });

/**
 * Fits a stack of layers to pairs by gradient descent, one step an epoch, starting from the parameters that it has.
 *
 * Everything is in units of white, each picture's own. Outputs whose windows leave the picture (or its crop) are not compared. An
 * after has the size of its before, or that of the model's output. A model that shrinks and enlarges sees pictures without the rows
 * and columns at the end that would leave a remainder. Where an after is a stored picture, its samples at 0 and at
 * white bound the squared error on one side only: a response that would be clipped to them is right. The same model, pairs, options
 * and seed give the same bytes on one machine.
 *
 * @param model its parameters are changed, also by a run that ends in an error
 * @param pairs pictures or planes, of as many channels as the model takes and gives
 * @throws ExpectationError where pairs or options do not fit, or the loss grows beyond all bounds; the signal's reason
 * @example
 * const model = Sequential(Conv2d({ inChannels: 1, outChannels: 1, kernelSize: 1, bias: false }), Abs())
 * const pair = { before: planes([[1, -2, 3]]), after: planes([[2, 4, 6]]) }
 * const { report } = await fitModel(model, [pair], { learningRate: 0.1 })
 * report.rms < 1e-3 // true
 */
export async function fitModel<Model extends Layer>(
  model: Model,
  pairs: readonly BeforeAfter[],
  options: FitOptions = {},
): Promise<FitResult<Model>> {
  expectOptions(options, OPTIONS, 'fitModel');
  if (model.parameters.length === 0) throw expected('a model with parameters to learn', 'fitModel', model.type);
  const loss = expectChoice(options.loss ?? 'squared-error', 'loss', LOSSES);
  const examples = fittingExamples(model, pairs, 'pairs', loss);
  const heldOut = options.heldOut === undefined ? [] : fittingExamples(model, options.heldOut, 'heldOut', loss);
  if (options.seed !== undefined && options.crops === undefined) {
    throw expected('no seed without crops, which alone are random,', 'seed', options.seed);
  }
  const random = seededRandom(options.seed ?? 0);
  const draw = drawing(model, options.crops, random);
  const objective = objectiveOf(model, loss, options.classWeights, examples);
  const judged = draw(heldOut);
  const history = await descendModel(objective, () => draw(examples), judged, options);
  const report = { epochs: history.length, ...residualOver(wholesOf(examples, model), model) };
  return {
    model,
    history,
    report: heldOut.length === 0 ? report : { ...report, heldOut: residualOver(wholesOf(heldOut, model), model) },
  };
}

function fittingExamples(model: Layer, pairs: readonly BeforeAfter[], where: string, loss: LossName): Example[] {
  return examplesOf(pairs, where).map((example) => {
    expectFitting(example, model);
    const after = toUnit(example.after);
    if (loss === 'squared-error') return { ...example, before: toUnit(example.before), after };
    const fault = after.data.find((sample) => sample < 0 || sample > 1);
    if (fault !== undefined)
      throw expected('samples from 0 to white', `${example.where}.after, as cross-entropy asks,`, fault);
    // A target of 0 or white is a statement here, not a bound.
    return { ...example, before: toUnit(example.before), after, clips: false };
  });
}

function wholesOf(examples: readonly Example[], model: Layer): View[] {
  return examples.map((example) => wholeOf(example, model));
}

/** All of every pair, or random crops; of no pairs, none. */
function drawing(model: Layer, crops: Crops | undefined, random: Random): (examples: readonly Example[]) => View[] {
  if (crops === undefined) return (examples) => wholesOf(examples, model);
  expectOptions(crops, OPTIONS_OF_CROPS, 'crops');
  const size = pairOf(crops.size, 'size of crops', 1, 1);
  const [height, width] = model.reach.size.map(Math.ceil);
  if (size[0] < height || size[1] < width) {
    throw expected(`at least ${height}×${width}, which an output sees,`, 'size of crops', size.join('×'));
  }
  if (([0, 1] as const).some((axis) => evenPart(model.reach, axis, size[axis]) !== size[axis])) {
    const multiples = `multiples of ${periodOf(model.reach).join('×')}, as the layers shrink and enlarge,`;
    throw expected(multiples, 'size of crops', size.join('×'));
  }
  const perEpoch = expectInteger(crops.perEpoch ?? 4, 'perEpoch of crops', 1);
  return (examples) =>
    Array.from({ length: examples.length === 0 ? 0 : perEpoch }, () => randomView(examples, size, model, random));
}

function objectiveOf(
  model: Layer,
  loss: LossName,
  classWeights: ClassWeights | undefined,
  examples: readonly Example[],
): Objective {
  if (loss === 'squared-error') {
    if (classWeights !== undefined) throw expected('cross-entropy', 'the loss that classWeights are of', loss);
    return { network: model, loss: SQUARED_ERROR };
  }
  const layers = model.type === 'Sequential' ? ((model as Layer & Partial<Sequential>).layers ?? []) : [];
  if (layers.length < 2 || layers.at(-1)?.type !== 'Sigmoid') {
    throw expected('a model that ends in Sigmoid', 'loss cross-entropy', layers.at(-1)?.type ?? model.type);
  }
  const targets = examples.map(({ after }) => after.data);
  return { network: Sequential(layers.slice(0, -1)), loss: crossEntropy(weightsOf(classWeights, targets)) };
}
