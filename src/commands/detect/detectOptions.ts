import type { Options } from 'yargs';
import { CONTOUR_SIZE_NAMES, DEFAULT_SIZE } from '../../contours/contourNet.ts';
import { DEFAULT_PRECISION, PRECISIONS } from '../../correlate/algorithm.ts';
import { RESPONSE_MAPS } from '../../correlate/response.ts';
import { EDGE_MAP } from '../../edges/detectEdges.ts';
import { EDGE_COLORS } from '../../edges/edgeColor.ts';
import { MAGNITUDE_NORMS } from '../../edges/gradient/magnitudeNorm.ts';
import { SUPPRESSION_RULES } from '../../edges/lines/suppress.ts';
import { DEFAULTS_TOLD } from '../../edges/operatorDefaults.ts';
import { CONVENTIONS } from '../../edges/operators/convention.ts';
import { operatorNames } from '../../edges/operators/operators.ts';
import { ALPHA_POLICIES } from '../../files/readImage.ts';
import { APERTURES } from '../../kernels/aperture.ts';
import { NET_INPUT_NAMES, DEFAULT_INPUT } from '../../onnx/netInput.ts';
import { ACTIVATIONS } from '../../onnx/openOnnxNet.ts';
import { BORDERS_TOLD } from '../../planes/border.ts';
import type { BatchArguments } from '../pictures/batchOptions.ts';
import type { ArgumentsOf } from '../shared/argumentsOf.ts';

const EDGES = 'Edges:';
const ONNX = 'ONNX nets (--operator net.onnx):';

/** What `detect` is told beside its inputs. */
export const optionsOfDetect = {
  operator: {
    type: 'string',
    array: true,
    nargs: 1,
    default: ['sobel'],
    defaultDescription: 'sobel',
    group: EDGES,
    describe: `edge operator: ${operatorNames.join(', ')}; a kernel (file, name or taps); or a model, detector or net file (.onnx too). Two kernels, one per --operator, give their magnitude. all: one sheet that compares every operator`,
  },
  size: {
    choices: CONTOUR_SIZE_NAMES,
    defaultDescription: DEFAULT_SIZE,
    group: EDGES,
    describe: 'for contours: the net to use, of about 2,000, 10,000 or 28,000 weights',
  },
  scales: {
    type: 'string',
    defaultDescription: '1',
    group: EDGES,
    describe: 'for nets: factor to resize the picture by first; with several (0.5,1,1.5), the likelihoods are averaged',
  },
  'net-input': {
    type: 'string',
    defaultDescription: DEFAULT_INPUT,
    group: ONNX,
    describe: `form of the samples that the net takes: ${NET_INPUT_NAMES.join(', ')}, or in words: bgr white 255 mean 104,117,123 deviation 1,1,1`,
  },
  'net-output': {
    type: 'string',
    defaultDescription: 'the last',
    group: ONNX,
    describe: 'output that holds the edge map: its name, or its number from 1',
  },
  activation: {
    choices: ACTIVATIONS,
    defaultDescription: 'none',
    group: ONNX,
    describe: 'function to apply to the output: sigmoid, if the net returns logits',
  },
  convention: {
    choices: CONVENTIONS,
    default: 'corr2d' as const,
    group: EDGES,
    describe:
      'scale, border and rules to follow: our own (a step from black to white gives white), or those of opencv or skimage',
  },
  aperture: {
    choices: APERTURES,
    defaultDescription: '3; laplacian unsmoothed',
    group: EDGES,
    describe: 'window size of sobel and canny, or of a smoothed laplacian',
  },
  sigma: {
    type: 'string',
    defaultDescription: DEFAULTS_TOLD.sigma,
    group: EDGES,
    describe:
      'standard deviation of a Gaussian that smooths the picture first, in pixels; with several (1,2,4), the strongest response counts',
  },
  color: {
    choices: EDGE_COLORS,
    defaultDescription: "luma; a detector's own",
    group: EDGES,
    describe:
      'find edges in the brightness (luma), in the strongest channel (max), in each channel separately (each), or in all channels jointly (di-zenzo)',
  },
  magnitude: {
    choices: MAGNITUDE_NORMS,
    defaultDescription: 'l2',
    group: EDGES,
    describe: 'how two directions combine: |x| + |y| (l1), or the length of (x, y) (l2)',
  },
  thin: {
    type: 'boolean',
    default: false,
    group: EDGES,
    describe: 'thin edges to lines: keep only local maxima along the gradient',
  },
  suppression: {
    choices: SUPPRESSION_RULES,
    defaultDescription: 'interpolated; sectors for opencv',
    group: EDGES,
    describe:
      'what a thin line is compared with: values interpolated between neighbours, or neighbours in the nearest of four directions (sectors)',
  },
  threshold: {
    type: 'string',
    group: EDGES,
    describe:
      'make pixels above this white and the others black: a number (1 is white; 100/255), 12% of the largest response, q90 (quantile), otsu or median',
  },
  low: {
    type: 'string',
    defaultDescription: DEFAULTS_TOLD.low,
    group: EDGES,
    describe: 'hysteresis: pixels above this count if they connect to one above --high; values as for --threshold',
  },
  high: {
    type: 'string',
    defaultDescription: DEFAULTS_TOLD.high,
    group: EDGES,
    describe: 'hysteresis: pixels above this are edges; values as for --threshold',
  },
  'zero-crossings': {
    type: 'boolean',
    default: false,
    group: EDGES,
    describe: 'for log, dog and laplacian: mark where the response changes sign, as strongly as it is steep there',
  },
  orientation: {
    type: 'boolean',
    default: false,
    group: EDGES,
    describe:
      'write gradient directions instead of edges: 16 bits for a full turn (0 right, 16384 down), or radians in .npy',
  },
  mask: {
    type: 'string',
    group: EDGES,
    describe: 'picture of the same size; edges are kept only where it is at least half white',
  },
  map: {
    choices: RESPONSE_MAPS,
    defaultDescription: `${EDGE_MAP}; none for .npy`,
    group: EDGES,
    describe:
      'how responses become samples: clamp, abs, minmax (stretch to the full range), offset (zero becomes grey)',
  },
  border: {
    type: 'string',
    defaultDescription: "replicate; the convention's",
    group: EDGES,
    describe: `how the picture continues beyond its border: ${BORDERS_TOLD}`,
  },
  precision: {
    choices: PRECISIONS,
    defaultDescription: DEFAULT_PRECISION,
    group: EDGES,
    describe: 'the same bytes on every machine, or more speed',
  },
  linear: {
    type: 'boolean',
    default: false,
    group: EDGES,
    describe: 'decode the sRGB curve first, and work in linear light',
  },
  alpha: {
    choices: ['edges', ...ALPHA_POLICIES] as const,
    default: 'edges' as const,
    group: EDGES,
    describe:
      'transparency: find edges of what is visible and of its outline (edges); ignore it, and copy it to the output (keep) or not (drop); or lay the picture over white first (flatten)',
  },
} satisfies Record<string, Options>;

export type DetectArguments = BatchArguments & ArgumentsOf<typeof optionsOfDetect>;
