import {
  BOX,
  cv,
  type ForeignPair,
  gaussian,
  gmic,
  magick,
  ODD,
  row,
  SHARPEN,
  sized,
  taps,
  unsharp,
  type Truth,
} from './pair.ts';

/** By coders that lose something. */
export const CODED: readonly ForeignPair[] = [
  ...[75, 90, 95].flatMap((quality) =>
    ['444', '420'].flatMap((sampling) => {
      const coded = (program: string, name: string, made: ForeignPair['made'], truth: Truth): ForeignPair =>
        row(
          program,
          `jpeg${quality}-${sampling}-${name}`,
          'rgb',
          made,
          { within: quality >= 90 && sampling === '444' ? 0.05 : 10, ...truth },
          { stored: `jpeg:${quality}:${sampling}` },
        );
      return [
        coded('OpenCV', 'sharpen', cv(SHARPEN), { taps: taps(SHARPEN), known: /^sharpen/ }),
        coded('OpenCV', 'gaussian', 'cv2.GaussianBlur(b, (5, 5), 1.1)', { taps: gaussian(1.1, 2), known: /Gaussian/ }),
        coded('ImageMagick', 'box', magick('-morphology', 'Convolve', sized(BOX)), {
          taps: taps(BOX),
          known: /^mean of 5×5/,
        }),
        coded(
          'SciPy',
          'unsharp',
          'each(b, lambda p: u8(p + 1.0 * (p - ndi.gaussian_filter(p.astype(float), 1, truncate=2))))',
          { taps: unsharp(1, gaussian(1, 2)), known: /./ },
        ),
        coded(
          "G'MIC",
          'odd',
          gmic(`(${ODD.map((r) => r.join(',')).join(';')})`, 'correlate[0]', '[1],1', 'remove[1]'),
          { taps: taps(ODD), ...(quality < 90 && { hard: 'taps that the losses hide' }) },
        ),
      ];
    }),
  ),
  ...[90, 95].flatMap((quality) => [
    row(
      'OpenCV',
      `jpeg${quality}-grey-sharpen`,
      'grey',
      cv(SHARPEN),
      { taps: taps(SHARPEN), known: /^sharpen/, within: 0.05 },
      { stored: `jpeg:${quality}:444` },
    ),
    row(
      'SciPy',
      `jpeg${quality}-grey-unsharp`,
      'grey',
      'u8(b + 1.0 * (b - ndi.gaussian_filter(b.astype(float), 1, truncate=2)))',
      { taps: unsharp(1, gaussian(1, 2)), known: /./, within: 0.05 },
      { stored: `jpeg:${quality}:444` },
    ),
  ]),
  row(
    'OpenCV',
    'jpeg-both-sharpen',
    'rgb',
    cv(SHARPEN),
    { taps: taps(SHARPEN), known: /^sharpen/, within: 10, says: /before/ },
    { stored: 'jpeg:90:420', storedBefore: 'jpeg:90:420' },
  ),
  row('Pillow', 'jpeg-median', 'rgb', 'pil(b, ImageFilter.MedianFilter(5))', {}, { stored: 'jpeg:90:420' }),
  row(
    'ImageMagick',
    'jpeg-only',
    'rgb',
    null,
    { taps: taps([[1]]), within: 10, known: /identity|./ },
    { stored: 'jpeg:85:420' },
  ),
  row('OpenCV', 'jpeg-unrelated', 'grey', null, {}, { altered: 'o', stored: 'jpeg:90:444' }),
  row(
    'OpenCV',
    'webp-sharpen',
    'rgb',
    cv(SHARPEN),
    { taps: taps(SHARPEN), known: /^sharpen/, within: 10 },
    { stored: 'webp:90' },
  ),
  row(
    'ImageMagick',
    'webp-box',
    'rgb',
    magick('-morphology', 'Convolve', sized(BOX)),
    { taps: taps(BOX), known: /^mean of 5×5/, within: 10 },
    { stored: 'webp:85' },
  ),
  row('SciPy', 'webp-median', 'grey', 'ndi.median_filter(b, 5)', {}, { stored: 'webp:80' }),
];
