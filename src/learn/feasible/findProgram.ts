import { fitted } from '../../correlate/channels.ts';
import { corr2d } from '../../correlate/corr2d.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import { type BorderName, borderMap, LIKELY_BORDERS, OUTSIDE } from '../../planes/border.ts';
import { cutPlanes } from '../../planes/cut.ts';
import { createPlanes, type Planes, whiteOf } from '../../planes/planes.ts';
import { type Rounding } from '../../planes/samples.ts';
import { originInAfter } from '../kernelShape.ts';
import type { Example } from '../pairs.ts';
import type { Certificate, ProgramFacts } from '../report.ts';
import { certify } from './certify.ts';
import { isValidResponse, toStored } from './stored.ts';

/** What is told of the program, and how exactly `corr2d filter` takes its place. */
export interface FoundProgram extends Pick<ProgramFacts, 'rounding' | 'borders'> {
  /** `copied` where the rim of the after is the before's own, unfiltered, which no border's rule gives. */
  readonly rim?: 'copied';
  readonly certificate: Certificate;
  /**
   * With this added to the kernel's biases (units of white) and samples cut, more of them are reproduced: half a level more where
   * the program rounds ties up, and in either case so little that a whole number is not missed by the last bits of a sum.
   */
  readonly instead?: { readonly bias: number; readonly certificate: Certificate };
}

/** A border whose share of the rim is below this share of what the kernel reproduces elsewhere is not the program's. */
const LEAST_SHARE = 0.97;

/** Standard deviations of the samples that a border misses. */
const CHANCE = 2;

/**
 * The rounding that gives most samples of the afters away from their rims, the borders that give most of the rims, and the
 * certificate under both. A rounding or border that gives as many as the best is named too; none is named where no sample
 * tells of it.
 *
 * @param examples with afters of whole samples from 0 to white
 * @param pause awaited between pictures and borders
 * @param seeksAll whether to look for what gives samples that are missed, at three times the cost
 * @throws ExpectationError where the kernel's size or channels do not fit the pictures
 */
export async function findProgram(
  k: Kernel,
  examples: readonly Example[],
  pause: () => Promise<void> = async () => {},
  seeksAll = true,
): Promise<FoundProgram> {
  const inner = await countInside(k, examples, pause);
  const rounding = roundingOf(inner);
  const applied = inner.reproduced.truncate > inner.reproduced.nearest ? 'truncate' : 'nearest';
  const rim = await countRims(k, examples, applied, pause);
  const most = Math.max(...LIKELY_BORDERS.map((border) => rim.reproduced[border]));
  const wanted = (LEAST_SHARE * inner.reproduced[applied] * rim.samples) / inner.samples;
  const fits = most > 0 && most >= wanted - SURE * Math.sqrt(rim.samples - most);
  // Of a border that gives all but a few samples, another that lacks as few may be the program's as well.
  const chance = CHANCE * Math.sqrt(rim.samples - most);
  const copied = rim.copied > most;
  const borders = fits && !copied ? LIKELY_BORDERS.filter((border) => most - rim.reproduced[border] <= chance) : [];
  const [border = 'replicate'] = borders;
  await pause();
  const certificate = certify(k, examples, { rounding: applied, border });
  const missed = seeksAll && inner.reproduced[applied] < inner.samples;
  const instead = missed && (await cutInstead(k, examples, certificate, pause));
  return {
    ...(rounding && { rounding }),
    ...(borders.length > 0 && { borders }),
    ...(copied && { rim: 'copied' }),
    certificate,
    ...(instead && { instead }),
  };
}

/** The better of both: a program of Float32 may lose the same last bits. */
async function cutInstead(
  k: Kernel,
  examples: readonly Example[],
  { reproduced, rounding, border = 'replicate' }: Certificate,
  pause: () => Promise<void>,
): Promise<FoundProgram['instead']> {
  const half = rounding === 'nearest' ? 0.5 / whiteOf(examples[0].after) : 0;
  let best: FoundProgram['instead'];
  for (const bias of [half, half + LAST_BITS * Math.max(1, largestSum(k))]) {
    await pause();
    const raised = { ...k, bias: k.bias.map((own) => own + bias) };
    const certificate = certify(raised, examples, { rounding: 'truncate', border });
    if (certificate.reproduced > (best?.certificate.reproduced ?? reproduced)) best = { bias, certificate };
  }
  return best;
}

/** What Float32 may lose of a sum whose terms are together no larger than 1: a few units in the last place. */
const LAST_BITS = 2 ** -21;

/** Of the absolute taps of an output channel. */
function largestSum({ outChannels, weights }: Kernel): number {
  const taps = weights.length / outChannels;
  const sums = Array.from({ length: outChannels }, (_, o) =>
    weights.subarray(o * taps, (o + 1) * taps).reduce((sum, tap) => sum + Math.abs(tap), 0),
  );
  return Math.max(...sums);
}

type Counts<Name extends string> = { samples: number; readonly reproduced: Record<Name, number> };

/** With those that one rounding gives and the other does not. */
type InnerCounts = Counts<Rounding> & { differing: number };

/** Samples whose windows lie wholly in the before, whatever the border. */
async function countInside(k: Kernel, examples: readonly Example[], pause: () => Promise<void>): Promise<InnerCounts> {
  const counts: InnerCounts = { samples: 0, reproduced: { nearest: 0, truncate: 0 }, differing: 0 };
  for (const example of examples) {
    await pause();
    const [top, left] = originInAfter(example, k);
    const [from, rows] = middleRows(example, k);
    const before = cutPlanes(example.before, from, 0, rows + k.height - 1, example.before.width);
    const response = corr2d(before, fitted(k, before.channels));
    compare(example, response, [top + from, left], (value, wanted, level) => {
      const nearest = level(value, 'nearest') === wanted;
      const truncate = level(value, 'truncate') === wanted;
      if (nearest) counts.reproduced.nearest++;
      if (truncate) counts.reproduced.truncate++;
      if (nearest !== truncate) counts.differing++;
    });
    counts.samples += response.data.length;
  }
  return counts;
}

/** Samples that tell roundings apart, where there are more. */
const ENOUGH = 2 ** 20;

/** From which row of windows on, and how many, in the middle of the picture. */
function middleRows({ before, after }: Example, k: Kernel): readonly [from: number, count: number] {
  const all = before.height - k.height + 1;
  const count = Math.min(all, Math.max(1, Math.floor(ENOUGH / (before.width * after.channels))));
  return [(all - count) >> 1, count];
}

/** Of a difference by chance: so many standard deviations. */
const SURE = 4;

/** The one that gives more; both where they differ in so few samples that it may be chance, unless one gives all. */
function roundingOf({ samples, reproduced: { nearest, truncate }, differing }: InnerCounts): ProgramFacts['rounding'] {
  const [more, less] = [Math.max(nearest, truncate), Math.min(nearest, truncate)];
  if (more === 0) return undefined;
  const isSure = more > less && (more === samples || more - less > SURE * Math.sqrt(differing));
  return isSure ? (nearest > truncate ? 'nearest' : 'truncate') : 'indistinguishable';
}

/** Samples whose windows leave the before, under every border. */
async function countRims(
  k: Kernel,
  examples: readonly Example[],
  rounding: Rounding,
  pause: () => Promise<void>,
): Promise<Counts<BorderName> & { copied: number }> {
  const reproduced = Object.fromEntries(LIKELY_BORDERS.map((name) => [name, 0])) as Record<BorderName, number>;
  const counts = { samples: 0, reproduced, copied: 0 };
  for (const example of examples) {
    if (isValidResponse(example)) continue;
    const { before, after } = example;
    const taps = fitted(k, before.channels);
    for (const strip of rimOf(example, k)) {
      for (const border of LIKELY_BORDERS) {
        await pause();
        // Strips are too narrow for transforms, whatever the whole picture is filtered by.
        const response = corr2d(windowsOf(before, strip, k, border), taps, { algorithm: 'direct' });
        compare(example, response, [strip.top, strip.left], (value, wanted, level) => {
          if (level(value, rounding) === wanted) counts.reproduced[border]++;
        });
      }
      const samples = after.channels * strip.height * strip.width;
      counts.samples += samples;
      if (before.channels === after.channels) counts.copied += countCopied(example, strip);
    }
  }
  return counts;
}

/** A part of an after of its before's size. */
interface Strip {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** What lies above, below, left and right of the samples whose windows lie wholly in the before. */
function rimOf(example: Example, k: Kernel): Strip[] {
  const [top, left] = originInAfter(example, k);
  const { height, width } = example.after;
  const bottom = height - (k.height - 1 - top);
  const right = width - (k.width - 1 - left);
  const strips = [
    { top: 0, left: 0, height: top, width },
    { top: bottom, left: 0, height: height - bottom, width },
    { top, left: 0, height: bottom - top, width: left },
    { top, left: right, height: bottom - top, width: width - right },
  ];
  return strips.filter((strip) => strip.height > 0 && strip.width > 0);
}

/** The samples that the windows of a strip see, those beyond the picture by the border's rule. */
function windowsOf(x: Planes, strip: Strip, k: Kernel, border: BorderName): Planes {
  const seen = (length: number, taps: number, from: number, count: number): Int32Array => {
    const first = Math.ceil((taps - 1) / 2);
    return borderMap(border, length, first, taps - 1 - first).subarray(from, from + count + taps - 1);
  };
  const rows = seen(x.height, k.height, strip.top, strip.height);
  const columns = seen(x.width, k.width, strip.left, strip.width);
  const cut = createPlanes(x.channels, rows.length, columns.length, x.white);
  let to = 0;
  for (let c = 0; c < x.channels; c++) {
    for (const row of rows) {
      const start = (c * x.height + row) * x.width;
      for (const column of columns) {
        cut.data[to++] = row === OUTSIDE || column === OUTSIDE ? 0 : x.data[start + column];
      }
    }
  }
  return cut;
}

/** Calls `visit` with every response and the sample after that stands where the response does. */
function compare(
  example: Example,
  response: Planes,
  [top, left]: readonly [number, number],
  visit: (value: number, wanted: number, level: ReturnType<typeof toStored>) => void,
): void {
  const { after } = example;
  const level = toStored(example);
  let i = 0;
  for (let c = 0; c < response.channels; c++) {
    for (let row = 0; row < response.height; row++) {
      const start = (c * after.height + top + row) * after.width + left;
      for (let column = 0; column < response.width; column++, i++) {
        visit(response.data[i], after.data[start + column], level);
      }
    }
  }
}

function countCopied({ before, after }: Example, { top, left, height, width }: Strip): number {
  let count = 0;
  for (let c = 0; c < after.channels; c++) {
    for (let row = top; row < top + height; row++) {
      const start = (c * after.height + row) * after.width;
      for (let i = start + left; i < start + left + width; i++) if (before.data[i] === after.data[i]) count++;
    }
  }
  return count;
}
