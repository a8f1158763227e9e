import type { InterleavedPicture } from '../planes/picture.ts';
import { type Band, bandsOf, type Ignored } from './bands.ts';
import type { ImageComparison } from './comparison.ts';
import { describeComparison } from './describeComparison.ts';
import { drawBands } from './drawDifference.ts';
import { addMarks, type Found, markAll, nothingFound, regionOf } from './marks.ts';
import { absolute } from './metrics/absolute.ts';
import type { ComparablePair, MetricRun } from './metrics/metric.ts';
import { type Metric, METRICS } from './metrics/metrics.ts';
import type { Comparator } from './options.ts';
import { type PictureRows, rowsOf } from './pictureRows.ts';
import { commonLayout } from './rows.ts';

/** What was found, and how to draw it. */
export interface DrawnComparison extends ImageComparison {
  /** Where the pictures differ, on the union of both, strip by strip; absent where they are the same samples. */
  readonly draw?: () => Drawing;
}

/** A picture that is made while it is drawn. */
export interface Drawing {
  readonly height: number;
  readonly width: number;
  /** 8-bit RGB rows from top to bottom. */
  readonly strips: AsyncGenerator<Uint8Array>;
  /** The same before it is drawn: what was found of each pixel. */
  bands(): AsyncGenerator<Band>;
}

/** Compares two pictures: what `compareImages` does once they are open. */
export async function compareOpened(
  actual: PictureRows,
  golden: PictureRows,
  comparator: Comparator,
  mask: InterleavedPicture | undefined,
): Promise<DrawnComparison> {
  const { metric, ignore } = comparator;
  const ignored = { regions: ignore, mask: mask && rowsOf(mask) };
  const measured = await measure(actual, golden, comparator, ignored);
  if (measured.identical && !mask && ignore.length === 0) return sameComparison(golden, metric);
  const { run, found, layout } = measured;
  const sameSize = actual.height === golden.height && actual.width === golden.width;
  const region = regionOf(found);
  const facts = {
    metric,
    height: Math.max(actual.height, golden.height),
    width: Math.max(actual.width, golden.width),
    sameSize,
    diffPixels: found.pixels,
    diffRatio: found.compared === 0 ? 0 : found.pixels / found.compared,
    comparedPixels: found.compared,
    ...(region ? { region } : {}),
    ...run?.figures(),
  };
  const allowed = allowedPixels(comparator, found.compared);
  const isAlike = run?.verdict?.() ?? found.pixels <= allowed;
  const match = sameSize && found.compared > 0 && layout !== undefined && isAlike;
  const message = describeComparison({ ...facts, match }, { actual, golden, comparator, allowed });
  const bands = (): AsyncGenerator<Band> => markedBands(actual, golden, comparator, ignored, measured.metric);
  const draw = (): Drawing => ({ height: facts.height, width: facts.width, strips: drawBands(bands()), bands });
  return { match, ...facts, message, draw };
}

interface Measured {
  /** The metric that marked; `none` where the pictures' channels have nothing to do with each other. */
  readonly metric: Metric | 'none';
  readonly run: MetricRun | undefined;
  readonly found: Found;
  readonly layout: ReturnType<typeof commonLayout>;
  /** Whether both pictures hold the same bytes. */
  readonly identical: boolean;
}

async function measure(
  actual: PictureRows,
  golden: PictureRows,
  comparator: Comparator,
  ignored: Ignored,
): Promise<Measured> {
  const layout = commonLayout(actual, golden);
  const pair = layout && { actual, golden, layout };
  const run = pair && METRICS[comparator.metric].begin(pair, comparator);
  const first = await markAndCount(actual, golden, ignored, run);
  if (!pair || !run?.sawNothing?.()) {
    return { ...first, metric: layout ? comparator.metric : 'none', run, layout };
  }
  // Nothing that it measures would mean no difference, whatever the pictures show: then every sample counts.
  const strict = absolute.begin(pair, { ...comparator, threshold: 0 });
  return { ...(await markAndCount(actual, golden, ignored, strict)), metric: 'absolute', run, layout };
}

async function markAndCount(
  actual: PictureRows,
  golden: PictureRows,
  ignored: Ignored,
  run: MetricRun | undefined,
): Promise<{ readonly found: Found; readonly identical: boolean }> {
  const found = nothingFound();
  let identical = true;
  for await (const band of bandsOf(actual, golden, ignored, run?.halo ?? 0)) {
    markBand(band, run);
    addMarks(found, band.marks, band.top - band.from, band.bottom - band.from, band.from);
    identical &&= band.identical;
  }
  return { found, identical };
}

function markBand(band: Band, run: MetricRun | undefined): void {
  if (run) run.mark(band);
  else markAll(band.marks);
}

/** Goes through the pictures once more, as they were measured. */
async function* markedBands(
  actual: PictureRows,
  golden: PictureRows,
  comparator: Comparator,
  ignored: Ignored,
  metric: Metric | 'none',
): AsyncGenerator<Band> {
  const layout = commonLayout(actual, golden);
  const pair: ComparablePair | undefined = layout && { actual, golden, layout };
  const threshold = metric === comparator.metric ? comparator.threshold : 0;
  const run = pair && metric !== 'none' ? METRICS[metric].begin(pair, { ...comparator, threshold }) : undefined;
  for await (const band of bandsOf(actual, golden, ignored, run?.halo ?? 0)) {
    markBand(band, run);
    yield band;
  }
}

/** What is found where two pictures are the same, whatever the metric. */
export function sameComparison(
  { height, width }: Pick<InterleavedPicture, 'height' | 'width'>,
  metric: Metric,
): ImageComparison {
  return {
    match: true,
    metric,
    height,
    width,
    sameSize: true,
    diffPixels: 0,
    diffRatio: 0,
    comparedPixels: height * width,
    ...METRICS[metric].ofSame,
    message: 'no pixel differs',
  };
}

/** The stricter of both limits, in pixels; 0 where there is none. */
function allowedPixels({ maxDiffPixels, maxDiffPixelRatio }: Comparator, compared: number): number {
  if (maxDiffPixels === undefined && maxDiffPixelRatio === undefined) return 0;
  const byRatio = maxDiffPixelRatio === undefined ? Infinity : maxDiffPixelRatio * compared;
  return Math.min(maxDiffPixels ?? Infinity, byRatio);
}
