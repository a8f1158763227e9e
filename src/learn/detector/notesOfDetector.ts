import { type Detector, isNamed } from '../../edges/detector/detector.ts';
import { type Planes, whiteOf } from '../../planes/planes.ts';
import { madeFor, RIM } from './certifyDetector.ts';
import type { DetectorReport } from './detectorReport.ts';
import { isUnrounded, type MapTarget } from './mapTarget.ts';

/** What a person should know of a learned detector, a sentence each, the gravest first. */
export function notesOfDetector(
  detector: Detector,
  report: Omit<DetectorReport, 'notes'>,
  targets: readonly MapTarget[],
): string[] {
  return Object.values(DETECTOR_NOTES)
    .map((note) => note({ detector, report, targets }))
    .filter((note) => note !== undefined);
}

interface Known {
  readonly detector: Detector;
  readonly report: Omit<DetectorReport, 'notes'>;
  readonly targets: readonly MapTarget[];
}

/** Each note by its name: a sentence, or nothing where it is not so. */
export const DETECTOR_NOTES = { lossy, near, depth, inner, rim, approximateRoots, channels } as const;

type Note = string | undefined;

function lossy({ report: { method, rms }, targets }: Known): Note {
  if (!targets.some((target) => target.lossy)) return undefined;
  if (targets.every(({ binary }) => binary)) {
    const part = rms === 0 ? 'every sample' : 'most samples';
    return (
      'The map was coded with losses (JPEG or the like), and was read as black and white again, split at half of white: ' +
      `of that the detector gives ${part}. No sample is certified as it is stored.`
    );
  }
  const which = {
    near: ' Of the detectors known by a name this one comes nearest to it.',
    recovered: ' The taps are estimates.',
    known: '',
  }[method];
  return `The map was coded with losses (JPEG or the like), which change its samples: none is certified.${which}`;
}

function near({ report: { method }, targets }: Known): Note {
  if (method !== 'near' || targets.some((target) => target.lossy)) return undefined;
  return 'No detector that was tried gives the map: of those known by a name this one comes nearest to it.';
}

function depth({ targets }: Known): Note {
  const other = targets.find((target) => target.stored && isUnrounded(target));
  if (other === undefined) return undefined;
  const bits = (p: Planes): number => Math.round(Math.log2(whiteOf(p) + 1));
  return `The picture has ${bits(other.picture)} bits a sample and its map ${bits(other.map)}: responses are rounded once, to the map's bits.`;
}

function inner({ targets }: Known): Note {
  const smaller = targets.find(({ before, map }) => before.height !== map.height || before.width !== map.width);
  if (smaller === undefined) return undefined;
  const { before, map, top, left } = smaller;
  return (
    `The map, ${map.height}×${map.width}, is a valid response: it lacks the rows and columns whose windows leave the picture, ` +
    `${before.height}×${before.width}. detect gives the whole size, of which it is the part from row ${top}, column ${left}.`
  );
}

function rim({ report: { certificate } }: Known): Note {
  if (certificate?.rimOnly !== true) return undefined;
  return `All samples that differ lie in the ${RIM} outermost rows or columns, where windows leave the picture.`;
}

/** Of whole lengths G'MIC gives some as the number below, by the processor's estimate of their roots; all others are as they are here. */
function approximateRoots({ detector, report: { certificate }, targets }: Known): Note {
  if (isNamed(detector) || detector.from?.program !== "G'MIC") return undefined;
  if (certificate === undefined || certificate.reproduced === certificate.samples) return undefined;
  const { offset: _, rounding: __, ...lengths } = detector;
  const explained = targets.every((target) => {
    const made = madeFor(target, detector).data;
    const exact = madeFor(target, lengths).data;
    return target.map.data.every((sample, i) => sample === made[i] || isWholeAbove(exact[i], sample));
  });
  if (!explained) return undefined;
  return (
    "G'MIC takes square roots from an estimate of the processor's, and gives some whole lengths as the number below, which depends on " +
    'the processor: the samples that differ are of whole lengths, one level apart.'
  );
}

function isWholeAbove(length: number, sample: number): boolean {
  return Number.isInteger(length) && (sample === length || sample === length - 1);
}

function channels({ detector, targets }: Known): Note {
  if (isNamed(detector) || detector.color !== undefined || targets[0].before.channels !== 1) return undefined;
  return 'The picture was grey. Of a colour picture detect takes the luma, 0.299 R + 0.587 G + 0.114 B.';
}
