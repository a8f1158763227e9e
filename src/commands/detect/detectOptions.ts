import type { Options } from 'yargs';
import { CONTOUR_SIZE_NAMES, USUAL_SIZE } from '../../contours/contourNet.ts';
import {
  CONVENTIONS,
  EDGE_COLORS,
  MAGNITUDE_NORMS,
  operatorNames,
  RESPONSE_MAPS,
  SUPPRESSION_RULES,
} from '../../core.ts';
import { PRECISIONS } from '../../correlate/algorithm.ts';
import { EDGE_MAP } from '../../edges/detectEdges.ts';
import { DEFAULTS_TOLD } from '../../edges/operatorDefaults.ts';
import { ALPHA_POLICIES } from '../../files/readImage.ts';
import { NET_INPUT_NAMES, USUAL_INPUT } from '../../onnx/netInput.ts';
import { ACTIVATIONS } from '../../onnx/openOnnxNet.ts';
import { BORDERS_TOLD } from '../../planes/border.ts';
import type { BatchArguments } from '../pictures/batchOptions.ts';
import type { ArgumentsOf } from '../shared/argumentsOf.ts';

const EDGES = 'Edges:';
const ONNX = 'Nets of other people (--operator net.onnx):';

/** What `detect` is told beside its inputs. */
export const optionsOfDetect = {
  operator: {
    type: 'string',
    array: true,
    nargs: 1,
    default: ['sobel'],
    defaultDescription: 'sobel',
    group: EDGES,
    describe: `${operatorNames.join(', ')}; or a kernel (file, name or taps), a model's, a detector's or a net's file (.onnx too); given twice, the magnitude of two kernels; all: a sheet that compares them`,
  },
  size: {
    choices: CONTOUR_SIZE_NAMES,
    defaultDescription: USUAL_SIZE,
    group: EDGES,
    describe: 'of contours which net: of some 2,000, 10,000 or 28,000 weights',
  },
  scales: {
    type: 'string',
    defaultDescription: '1',
    group: EDGES,
    describe: 'of a net: what the picture is resized by first; several (0.5,1,1.5): the mean likelihood of all',
  },
  'net-input': {
    type: 'string',
    defaultDescription: USUAL_INPUT,
    group: ONNX,
    describe: `how it wants samples: ${NET_INPUT_NAMES.join(', ')}, or words: bgr white 255 mean 104,117,123 deviation 1,1,1`,
  },
  'net-output': {
    type: 'string',
    defaultDescription: 'the last',
    group: ONNX,
    describe: 'which of its outputs is the map: a name, or a number from 1',
  },
  activation: {
    choices: ACTIVATIONS,
    defaultDescription: 'none',
    group: ONNX,
    describe: 'sigmoid, where it answers logits',
  },
  convention: {
    choices: CONVENTIONS,
    default: 'corr2d' as const,
    group: EDGES,
    describe:
      'whose scale, border and rules: ours (a step from black to white answers white), or those of opencv or skimage',
  },
  aperture: {
    choices: [3, 5, 7] as const,
    group: EDGES,
    describe: 'window of sobel and canny (3), or of a smoothed laplacian',
  },
  sigma: {
    type: 'string',
    defaultDescription: DEFAULTS_TOLD.sigma,
    group: EDGES,
    describe: 'smooth by a Gaussian of so many samples first; several (1,2,4): the strongest response of all scales',
  },
  color: {
    choices: EDGE_COLORS,
    defaultDescription: "luma; a detector's own",
    group: EDGES,
    describe: 'edges of the brightness, of the strongest channel, of each, or of all channels together (di-zenzo)',
  },
  magnitude: {
    choices: MAGNITUDE_NORMS,
    defaultDescription: 'l2',
    group: EDGES,
    describe: '|x| + |y|, or the length of (x, y)',
  },
  thin: {
    type: 'boolean',
    default: false,
    group: EDGES,
    describe: 'thin lines: only what is strongest along its gradient',
  },
  suppression: {
    choices: SUPPRESSION_RULES,
    defaultDescription: 'interpolated; sectors for opencv',
    group: EDGES,
    describe: 'how thin lines are found: between neighbours, or in the nearest of four directions',
  },
  threshold: {
    type: 'string',
    group: EDGES,
    describe:
      'white above it, black elsewhere: a number (1 is white; 100/255), 12% of the largest, q90 (quantile), otsu, median',
  },
  low: {
    type: 'string',
    defaultDescription: DEFAULTS_TOLD.low,
    group: EDGES,
    describe: 'white above it where that is joined to something above high: as --threshold',
  },
  high: {
    type: 'string',
    defaultDescription: DEFAULTS_TOLD.high,
    group: EDGES,
    describe: 'white above it: as --threshold',
  },
  'zero-crossings': {
    type: 'boolean',
    default: false,
    group: EDGES,
    describe: 'of log, dog, laplacian: where the response passes through zero, as strong as it is steep',
  },
  orientation: {
    type: 'boolean',
    default: false,
    group: EDGES,
    describe: 'write where gradients point instead: 16 bits for a full turn (0 right, 16384 down), radians in .npy',
  },
  mask: {
    type: 'string',
    group: EDGES,
    describe: 'a picture of the same size: edges only where it is at least half white',
  },
  map: {
    choices: RESPONSE_MAPS,
    defaultDescription: `${EDGE_MAP}; none for .npy`,
    group: EDGES,
    describe: 'from response to samples: clamp, abs, minmax (stretch), offset (zero is grey)',
  },
  border: {
    type: 'string',
    defaultDescription: "replicate; the convention's",
    group: EDGES,
    describe: BORDERS_TOLD,
  },
  precision: {
    choices: PRECISIONS,
    defaultDescription: 'deterministic',
    group: EDGES,
    describe: 'the same bytes everywhere, or speed',
  },
  linear: {
    type: 'boolean',
    default: false,
    group: EDGES,
    describe: 'work in linear light: decode the sRGB curve first',
  },
  alpha: {
    choices: ['edges', ...ALPHA_POLICIES] as const,
    default: 'edges' as const,
    group: EDGES,
    describe:
      'transparency: edges of what shows, and its own; of colours as stored, and alpha carried along (keep) or left out (drop); of the picture over white',
  },
} satisfies Record<string, Options>;

export type DetectArguments = BatchArguments & ArgumentsOf<typeof optionsOfDetect>;
