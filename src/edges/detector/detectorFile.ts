import { expectHeader, expectRecord, FILE_VERSION } from '../../kernels/header.ts';
import { pretty } from '../../kernels/json.ts';
import { expectFields, expectText, parseJson, takenFor } from '../../kernels/notation.ts';
import { type Border, formatBorder, parseBorder } from '../../planes/border.ts';
import { expected } from '../../planes/expected.ts';
import { optionNames } from '../../planes/expectOptions.ts';
import { type NamedOptions, NAMED_OPTIONS } from '../namedOptions.ts';
import { checkDetector } from './checkDetector.ts';
import {
  type Detector,
  type DetectorBorder,
  type DetectorCommon,
  type DetectorKernel,
  type DetectorSmoothing,
  isNamed,
  type KernelDetector,
  type NamedDetector,
} from './detector.ts';

const COMMON = ['corr2d', 'kind', 'name', 'rounding', 'from', 'learned'];

const FIELDS = [
  ...COMMON,
  ...optionNames<Omit<KernelDetector, keyof DetectorCommon>>({
    samples: true,
    color: true,
    smoothing: true,
    kernels: true,
    parts: true,
    response: true,
    scale: true,
    divisor: true,
    offset: true,
    arithmetic: true,
    thin: true,
    threshold: true,
    low: true,
    high: true,
    reached: true,
    link: true,
    strengths: true,
    inverted: true,
    border: true,
    rim: true,
  }),
];

const NAMED_FIELDS = [...COMMON, 'operator', 'options'];

/**
 * A detector file: `{ "corr2d": 1, "kind": "detector", "kernels", "response", … }`, every other field of {@link KernelDetector} where it is
 * needed, kernels as nested arrays of rows (three times that where they see three channels); or `{ …, "operator", "options" }`.
 *
 * @param contents the file's text, or what its JSON stands for
 * @throws ExpectationError that names the place of the first fault, as in `kernels[0][2][1]`
 * @example
 * const file = '{ "corr2d": 1, "kind": "detector", "kernels": [[[-1, 0, 1]]], "response": "abs", "rounding": "nearest" }'
 * toNested(detectEdges(planes([[0, 9, 9, 5]], 255), { operator: parseDetector(file) }).map) // [[[9, 9, 4, 4]]]
 */
export function parseDetector(contents: string | object): Detector {
  return takenFor('a corr2d detector file', () => {
    const fields = expectHeader(
      typeof contents === 'string' ? parseJson(expectText(contents, 'the text')) : contents,
      'detector',
    );
    return checkDetector('operator' in fields ? readNamed(fields) : readSteps(fields));
  });
}

function readNamed(fields: Record<string, unknown>): NamedDetector {
  expectFields(fields, NAMED_FIELDS, 'the file');
  const options = expectRecord(fields.options ?? {}, 'options');
  expectFields(options, NAMED_OPTIONS, 'options');
  const read =
    options.border === undefined ? options : { ...options, border: parseBorder(options.border, 'options.border') };
  return { ...common(fields), operator: fields.operator as string, options: read as NamedOptions };
}

function readSteps(fields: Record<string, unknown>): KernelDetector {
  expectFields(fields, FIELDS, 'the file');
  const {
    corr2d: _,
    kind: __,
    name: _name,
    from: _from,
    learned: _learned,
    kernels,
    border,
    smoothing,
    ...others
  } = fields;
  if (!Array.isArray(kernels)) throw expected('a list of kernels', 'kernels', kernels);
  return {
    ...(others as unknown as KernelDetector),
    ...common(fields),
    kernels: kernels.map((k: unknown, i) => readKernel(k, `kernels[${i}]`)),
    ...(border === undefined ? {} : { border: readBorder(border) }),
    ...(smoothing === undefined ? {} : { smoothing: readPasses(smoothing) }),
  };
}

function common({
  name,
  rounding,
  from,
  learned,
}: Record<string, unknown>): Pick<Detector, 'name' | 'rounding' | 'from' | 'learned'> {
  if (name !== undefined && typeof name !== 'string') throw expected('a text', 'name', name);
  if (from !== undefined) {
    const source = expectRecord(from, 'from');
    expectFields(source, ['program', 'call'], 'from');
    for (const part of ['program', 'call']) {
      if (typeof source[part] !== 'string') throw expected('a text', `from.${part}`, source[part]);
    }
  }
  return {
    ...(name === undefined ? {} : { name }),
    ...(rounding === undefined ? {} : { rounding: rounding as KernelDetector['rounding'] & string }),
    ...(from === undefined ? {} : { from: from as { program: string; call: string } }),
    ...(learned === undefined ? {} : { learned: expectRecord(learned, 'learned') }),
  };
}

/** Rows of taps, or three times rows of taps. */
function readKernel(nested: unknown, where: string): DetectorKernel {
  const isNested = (value: unknown): value is unknown[] => Array.isArray(value) && value.length > 0;
  if (!isNested(nested) || !isNested(nested[0])) throw expected('rows of taps', where, nested);
  const deep = Array.isArray(nested[0][0]);
  const planes = (deep ? nested : [nested]) as unknown[];
  const at = (c: number): string => (deep ? `${where}[${c}]` : where);
  const [first] = planes as unknown[][][];
  const taps: number[] = [];
  planes.forEach((rows, c) => {
    if (!isNested(rows) || rows.length !== first.length) throw expected(`${first.length} rows of taps`, at(c), rows);
    rows.forEach((row: unknown, r) => {
      if (!isNested(row) || row.length !== first[0].length)
        throw expected(`${first[0].length} taps`, `${at(c)}[${r}]`, row);
      row.forEach((tap: unknown, q) => {
        if (typeof tap !== 'number') throw expected('a number', `${at(c)}[${r}][${q}]`, tap);
        taps.push(tap);
      });
    });
  });
  if (planes.length !== 1 && planes.length !== 3)
    throw expected('rows of taps for one channel or for three', where, planes.length);
  return {
    channels: planes.length === 1 ? 1 : 3,
    height: first.length,
    width: first[0].length,
    taps: Float64Array.from(taps),
  };
}

function readBorder(border: unknown): DetectorBorder {
  if (border === 'copied' || border === 'black') return border;
  if (!Array.isArray(border)) return parseBorder(border);
  if (border.length !== 2) throw expected('two borders, above and left, and below and right,', 'border', border);
  return [parseBorder(border[0], 'border[0]'), parseBorder(border[1], 'border[1]')];
}

function readPasses(smoothing: unknown): NonNullable<KernelDetector['smoothing']> {
  if (!Array.isArray(smoothing)) return readSmoothing(smoothing, 'smoothing');
  return smoothing.map((pass: unknown, i) => readSmoothing(pass, `smoothing[${i}]`));
}

function readSmoothing(smoothing: unknown, where: string): DetectorSmoothing {
  const fields = expectRecord(smoothing, where);
  const passes = 'taps' in fields ? ['taps', 'divisor'] : ['column', 'row'];
  expectFields(fields, [...passes, 'border', 'rounding'], where);
  const { border, ...others } = fields;
  const rule =
    border === 'inside' || border === 'copied'
      ? border
      : border === undefined
        ? undefined
        : parseBorder(border, `${where}.border`);
  return { ...others, ...(rule === undefined ? {} : { border: rule }) } as unknown as DetectorSmoothing;
}

/** A detector file's text. {@link parseDetector} reads back the same numbers. */
export function formatDetector(detector: Detector): string {
  checkDetector(detector);
  const { name, from, rounding, learned } = detector;
  const header = { corr2d: FILE_VERSION, kind: 'detector', name, from };
  if (isNamed(detector)) {
    const { operator, options } = detector;
    const { border, ...others } = options;
    const written = { ...others, border: border === undefined ? undefined : formatBorder(border) };
    return `${pretty({ ...header, operator, options: written, rounding, learned })}\n`;
  }
  const { kernels, border, smoothing, learned: _, name: __, from: ___, rounding: ____, ...others } = detector;
  return `${pretty({
    ...header,
    ...others,
    smoothing: Array.isArray(smoothing)
      ? smoothing.map(writtenPass)
      : smoothing && writtenPass(smoothing as DetectorSmoothing),
    kernels: kernels.map(nestedTaps),
    border:
      border === undefined
        ? undefined
        : Array.isArray(border)
          ? border.map((one: Border) => formatBorder(one))
          : formatBorder(border as Border),
    rounding,
    learned,
  })}\n`;
}

function writtenPass(smoothing: DetectorSmoothing): object {
  const { border } = smoothing;
  return { ...smoothing, border: border === undefined ? undefined : formatBorder(border as Border) };
}

/** Rows of taps, of three channels one after the other. */
export function nestedTaps({ channels, height, width, taps }: DetectorKernel): number[][] | number[][][] {
  let at = 0;
  // Added to −0, 0 makes 0 of it.
  const planes = Array.from({ length: channels }, () =>
    Array.from({ length: height }, () => Array.from({ length: width }, () => taps[at++] + 0)),
  );
  return channels === 1 ? planes[0] : planes;
}
