import type { DetectOptions } from '../../../../src/index.ts';

/** What we call ourselves. */
export const OWN = 'corr2d';

/** A map by a program, and what is right to find out about it. */
export interface MapCase {
  readonly program: string;
  readonly name: string;
  /** A Python expression of `before`, the words of a command in which IN and OUT stand for files, or what is asked of our own. */
  readonly made: string | readonly string[] | DetectOptions;
  /** Of the found call, a part that has to be in it; where left out any will do. */
  readonly call?: RegExp;
  /** The least share of samples that has to come out; all where left out. */
  readonly share?: number;
  /** Why not all of them do. */
  readonly reason?: string;
  readonly kinds?: readonly ('grey' | 'rgb')[];
}

export function isWords(made: Exclude<MapCase['made'], string>): made is readonly string[] {
  return Array.isArray(made);
}

const X = (aperture: number): string => `cv2.Sobel(g, cv2.CV_32F, 1, 0, ksize=${aperture})`;
const Y = (aperture: number): string => `cv2.Sobel(g, cv2.CV_32F, 0, 1, ksize=${aperture})`;

/** With `g` for the grey of `before`, as most programs write it. */
function ofGrey(expression: string): string {
  return `(lambda g: ${expression})(before if before.ndim == 2 else cv2.cvtColor(before, cv2.COLOR_BGR2GRAY))`;
}

/** The same in scikit-image's words. */
function ofUnit(expression: string): string {
  return `(lambda g: ${expression})(before if before.ndim == 2 else skimage.color.rgb2gray(before))`;
}

const opencv = (name: string, expression: string, more: Partial<MapCase> = {}): MapCase => ({
  program: 'OpenCV',
  name: `opencv-${name}`,
  made: ofGrey(expression),
  ...more,
});
const skimage = (name: string, expression: string, more: Partial<MapCase> = {}): MapCase => ({
  program: 'scikit-image',
  name: `skimage-${name}`,
  made: ofUnit(expression),
  ...more,
});
const ffmpeg = (filter: string): MapCase => ({
  program: 'FFmpeg',
  name: `ffmpeg-${filter}`,
  made: ['ffmpeg', '-v', 'error', '-y', '-i', 'IN', '-vf', filter, 'OUT'],
  call: new RegExp(`-vf ${filter} `),
});
const magick = (name: string, words: readonly string[], more: Partial<MapCase> = {}): MapCase => ({
  program: 'ImageMagick',
  name: `imagemagick-${name}`,
  made: ['convert', 'IN', ...words, 'OUT'],
  ...more,
});

const own = (operator: string, options: DetectOptions = {}, more: Partial<MapCase> = {}): MapCase => ({
  program: OWN,
  name: ['corr2d', operator, ...Object.entries(options).flat()].join('-'),
  made: { operator, ...options },
  call: new RegExp(`--operator ${operator}( |$)`),
  ...more,
});

const CANNY = (low: number, high: number, more = ''): RegExp =>
  new RegExp(`cv2\\.Canny\\(.*, ${low}, ${high}${more}\\)`);

export const MAPS: readonly MapCase[] = [
  ...['sobel', 'prewitt', 'roberts', 'scharr', 'kirsch', 'edgedetect', 'edgedetect,negate'].map(ffmpeg),
  opencv('sobel3', `cv2.convertScaleAbs(cv2.magnitude(${X(3)}, ${Y(3)}), alpha=0.25)`, { call: /alpha=0\.25/ }),
  opencv('sobel5', `cv2.convertScaleAbs(cv2.magnitude(${X(5)}, ${Y(5)}), alpha=1/48)`, { call: /ksize=5.*1\/48/ }),
  opencv('sobel7', `np.uint8(255 * (m := cv2.magnitude(${X(7)}, ${Y(7)})) / m.max())`, { call: /ksize=7.*m\.max/ }),
  opencv('normalised', `cv2.normalize(cv2.magnitude(${X(3)}, ${Y(3)}), None, 0, 255, cv2.NORM_MINMAX, cv2.CV_8U)`),
  opencv('clipped', `np.uint8(np.clip(np.hypot(${X(3)}, ${Y(3)}), 0, 255))`, { call: /np\.clip/ }),
  opencv(
    'snippet',
    'cv2.addWeighted(cv2.convertScaleAbs(cv2.Sobel(g, cv2.CV_16S, 1, 0)), 0.5, cv2.convertScaleAbs(cv2.Sobel(g, cv2.CV_16S, 0, 1)), 0.5, 0)',
    { call: /addWeighted/ },
  ),
  opencv(
    'snippet-blurred',
    '(lambda b: cv2.addWeighted(cv2.convertScaleAbs(cv2.Sobel(b, cv2.CV_16S, 1, 0)), 0.5, cv2.convertScaleAbs(cv2.Sobel(b, cv2.CV_16S, 0, 1)), 0.5, 0))(cv2.GaussianBlur(g, (3, 3), 0))',
    { call: /GaussianBlur\(.*\(3, 3\), 0\)/ },
  ),
  opencv(
    'scharr',
    'cv2.convertScaleAbs(cv2.magnitude(cv2.Scharr(g, cv2.CV_32F, 1, 0), cv2.Scharr(g, cv2.CV_32F, 0, 1)), alpha=1/16)',
    { call: /cv2\.Scharr/ },
  ),
  opencv('laplacian', 'cv2.convertScaleAbs(cv2.Laplacian(g, cv2.CV_64F))', { call: /cv2\.Laplacian/ }),
  opencv('laplacian3', 'cv2.convertScaleAbs(cv2.Laplacian(g, cv2.CV_64F, ksize=3))', { call: /ksize=3/ }),
  opencv('laplacian-halved', 'np.uint8(np.clip(np.abs(cv2.Laplacian(g, cv2.CV_64F)) * 0.5, 0, 255))', {
    call: /np\.abs\(cv2\.Laplacian.* \* 0\.5/,
  }),
  {
    ...opencv('strongest', ''),
    made: `cv2.convertScaleAbs(cv2.magnitude(${X(3)}, ${Y(3)}).max(axis=2), alpha=0.25)`.replaceAll('(g,', '(before,'),
    kinds: ['rgb'],
    call: /\.max\(axis=2\), alpha=0\.25/,
  },
  opencv('threshold', `np.uint8(cv2.threshold(cv2.magnitude(${X(3)}, ${Y(3)}), 100, 255, cv2.THRESH_BINARY)[1])`, {
    call: /^np\.uint8\(255 \* \(cv2\.magnitude\(.*\) > 100\)\)$/,
  }),
  opencv('threshold-inverted', 'np.uint8(255 * (np.abs(cv2.Laplacian(g, cv2.CV_64F)) < 41))', {
    call: /^np\.uint8\(255 \* \(np\.abs\(cv2\.Laplacian.* <= 40\)\)$/,
  }),
  opencv('inverted', `255 - cv2.convertScaleAbs(cv2.magnitude(${X(3)}, ${Y(3)}))`, { call: /^255 - / }),
  opencv('canny', 'cv2.Canny(g, 100, 200)', { call: CANNY(100, 200) }),
  opencv('canny-inverted', '255 - cv2.Canny(g, 100, 200)', { call: /^255 - cv2\.Canny\(/ }),
  opencv('canny-l2', 'cv2.Canny(g, 50, 150, L2gradient=True)', { call: CANNY(50, 150, ', L2gradient=True') }),
  opencv('canny5', 'cv2.Canny(g, 1000, 2000, apertureSize=5)', { call: CANNY(1000, 2000, ', apertureSize=5') }),
  opencv('canny7', 'cv2.Canny(g, 10000, 30000, apertureSize=7, L2gradient=True)', { call: /apertureSize=7/ }),
  opencv('canny-blurred', 'cv2.Canny(cv2.GaussianBlur(g, (5, 5), 1.4), 50, 100)', { call: /GaussianBlur.*1\.4/ }),
  { ...opencv('canny-colour', ''), made: 'cv2.Canny(before, 100, 200)', kinds: ['rgb'], call: /^cv2\.Canny\(before,/ },
  {
    ...opencv('canny-each', ''),
    made: 'cv2.merge([cv2.Canny(c, 100, 200) for c in cv2.split(before)])',
    kinds: ['rgb'],
    call: /^cv2\.merge\(\[cv2\.Canny\(before, 100, 200\) for/,
  },
  ...['sobel', 'prewitt', 'scharr', 'roberts', 'farid'].map((name) =>
    skimage(name, `skimage.img_as_ubyte(skimage.filters.${name}(g))`, { call: new RegExp(`filters\\.${name}\\(`) }),
  ),
  skimage('sobel-truncated', '(skimage.filters.sobel(g) * 255).astype(np.uint8)', { call: /\* 255\)\.astype/ }),
  skimage('threshold', 'skimage.filters.scharr(g) > 0.12', { call: /^skimage\.filters\.scharr\(.*\) > 0\.12$/ }),
  skimage('threshold-prewitt', 'skimage.filters.prewitt(g) > 0.06', {
    call: /^skimage\.filters\.prewitt\(.*\) > 0\.06$/,
  }),
  // A length of whole samples is as much as the threshold: the last bits of each decide.
  skimage('threshold-tied', 'skimage.filters.sobel(g) > 0.1', { call: /^skimage\.filters\.sobel\(.*\) > 0\.1$/ }),
  skimage('hysteresis', 'skimage.filters.apply_hysteresis_threshold(skimage.filters.sobel(g), 0.04, 0.2)', {
    call: /^skimage\.filters\.apply_hysteresis_threshold\(skimage\.filters\.sobel\(.*\), 0\.04, 0\.2\)$/,
  }),
  skimage('hysteresis-tied', 'skimage.filters.apply_hysteresis_threshold(skimage.filters.sobel(g), 0.05, 0.15)', {
    call: /^skimage\.filters\.apply_hysteresis_threshold\(skimage\.filters\.sobel\(.*\), 0\.05, 0\.15\)$/,
  }),
  skimage('hysteresis-inverted', '~skimage.filters.apply_hysteresis_threshold(skimage.filters.scharr(g), 0.05, 0.2)', {
    call: /^~skimage\.filters\.apply_hysteresis_threshold\(skimage\.filters\.scharr\(.*\), 0\.05, 0\.2\)$/,
  }),
  skimage('canny', 'skimage.feature.canny(g)', { call: /canny\(.*sigma=1, low_threshold=0\.1, high_threshold=0\.2\)/ }),
  skimage('canny-inverted', '~skimage.feature.canny(g)', { call: /^~skimage\.feature\.canny\(/ }),
  skimage(
    'canny2',
    'skimage.feature.canny(g if g.dtype == float else g / 255, sigma=2, low_threshold=0.05, high_threshold=0.1)',
    {
      call: /sigma=2/,
    },
  ),
  {
    ...skimage('canny-each', ''),
    made: 'np.dstack([skimage.feature.canny(c / 255) for c in np.moveaxis(before, -1, 0)])',
    kinds: ['rgb'],
    call: /^np\.dstack\(\[skimage\.feature\.canny/,
  },
  magick('edge', ['-edge', '1'], { call: /-edge 1/ }),
  magick('edge2', ['-edge', '2'], { call: /-edge 2/ }),
  magick('sobel', ['-define', 'morphology:compose=Lighten', '-morphology', 'Convolve', 'Sobel:>'], {
    call: /'Sobel:>'/,
  }),
  magick('sobel-x', ['-morphology', 'Convolve', 'Sobel'], { call: /Convolve Sobel/ }),
  magick('canny', ['-canny', '0x1+10%+30%'], { call: /^convert before\.png -canny 0x1\+10%\+30% after\.png$/ }),
  magick('canny2', ['-canny', '0x2+5%+20%', '-negate'], { call: /-canny 0x2\+5%\+20% -negate/ }),
  magick('canny-each', ['-separate', '-canny', '0x1+10%+30%', '-combine'], {
    kinds: ['rgb'],
    call: /-separate -canny 0x1\+10%\+30% -combine/,
    share: 0.999,
    reason:
      'ImageMagick weighs each grey channel again as three, and the last bits of that tell among equal neighbours',
  }),
  magick('canny-grey', ['-colorspace', 'gray', '-canny', '2x1+7%+22.5%'], {
    kinds: ['rgb'],
    call: /-colorspace gray -canny 2x1\+7%\+22\.5%/,
  }),
  {
    program: "G'MIC",
    name: 'gmic-gradient-norm',
    made: ['gmic', 'IN', 'gradient_norm', '-o', 'OUT'],
    call: /gradient_norm/,
    share: 0.95,
    reason: "G'MIC's square roots are the processor's estimates: some whole lengths come out as the number below",
  },
  ...['sobel', 'scharr', 'prewitt', 'roberts', 'farid', 'kirsch', 'laplacian', 'log', 'canny'].map((name) => own(name)),
  own('sobel', { threshold: 0.2 }),
  own('canny', { low: 0.05, high: 0.15 }),
  own('scharr', { color: 'max' }, { kinds: ['rgb'] }),
  { program: 'Pillow', name: 'pillow-find-edges', made: 'before.filter(ImageFilter.FIND_EDGES)', call: /FIND_EDGES/ },
];
