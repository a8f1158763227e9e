import { type Kernel, kernel } from '../../../src/index.ts';

/** What is true of a pair: nothing else may be said of it. */
export interface Truth {
  /** The taps as they correlate; `linear` where the program has not published them. Absent where no kernel made the after. */
  readonly taps?: Kernel | 'linear';
  /** How far a tap may be off; where left out, 1e-5. */
  readonly within?: number;
  /** Names that may be given; where left out, none but those of the taps. */
  readonly known?: RegExp;
  readonly rounding?: 'nearest' | 'truncate';
  /** As programs name them here; absent where the rim is no border's. */
  readonly borders?: readonly string[];
  readonly orientation?: string;
  readonly shift?: readonly [number, number];
  readonly light?: 'linear';
  /** Rows and columns that were copied. */
  readonly rim?: number;
  /** Something else made a part of the after. */
  readonly exceptions?: true;
  readonly reversed?: true;
  readonly identical?: true;
  /** Parts of the summary that have to be there. */
  readonly says?: RegExp;
  /** Whether no kernel may be found though there is one: why. */
  readonly hard?: string;
}

/** A pair by a program that others wrote. See pairs.py for what the parts are. */
export interface ForeignPair {
  readonly program: string;
  readonly name: string;
  readonly source: 'grey' | 'rgb' | 'rgba' | 'grey16' | 'rgb16';
  readonly made: string | readonly string[] | null;
  readonly truth: Truth;
  readonly altered?: string;
  readonly stored?: string;
  readonly storedBefore?: string;
  readonly pairs?: number;
  readonly spoiled?: string;
  readonly exchanged?: boolean;
  readonly photograph?: number;
}

type Rows = readonly (readonly number[])[];

const SHARPEN: Rows = [
  [0, -1, 0],
  [-1, 5, -1],
  [0, -1, 0],
];
const EMBOSS: Rows = [
  [-2, -1, 0],
  [-1, 1, 1],
  [0, 1, 2],
];
const BOX: Rows = Array.from({ length: 5 }, () => Array<number>(5).fill(1 / 25));
const BINOMIAL: Rows = [1, 2, 1].map((a) => [1, 2, 1].map((b) => (a * b) / 16));
/** OpenCV's own, of 7 taps where no sigma is stated; over 32. */
const SMALL7 = [1, 3.5, 7, 9, 7, 3.5, 1];
const ODD: Rows = [
  [0.03, -0.12, 0.05],
  [0.21, 0.74, -0.08],
  [-0.06, 0.09, 0.14],
];

const taps = (rows: Rows, bias = 0): Kernel =>
  kernel(
    rows.map((row) => [...row]),
    { bias: bias / 255 },
  );
const turned = (rows: Rows): Rows => rows.toReversed().map((row) => row.toReversed());
const flat = (rows: Rows): string => rows.flat().join(',');
const sized = (rows: Rows): string => `${rows[0].length}x${rows.length}:${flat(rows)}`;
const python = (rows: Rows): string => JSON.stringify(rows);

/** δ + amount·(δ − blur). */
function unsharp(amount: number, blur: Kernel): Kernel {
  const weights = blur.weights.map((tap) => -amount * tap);
  weights[(weights.length - 1) / 2] += 1 + amount;
  return { ...blur, weights };
}

/** exp(−x²/2σ²) over its sum. */
function gaussian(sigma: number, radius: number): Kernel {
  const row = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)));
  const sum = row.reduce((all, one) => all + one, 0);
  return kernel(row.map((a) => row.map((b) => (a * b) / sum ** 2)));
}

const cv = (rows: Rows, border = 'REFLECT_101', delta = 0): string =>
  `cv2.filter2D(b, -1, np.array(${python(rows)}), delta=${delta}, borderType=cv2.BORDER_${border})`;
const magick = (...words: string[]): string[] => ['convert', 'IN', ...words, '-depth', '8', 'OUT'];
const gm = (...words: string[]): string[] => ['gm', 'convert', 'IN', ...words, '-depth', '8', 'OUT'];
const gmic = (...words: string[]): string[] => ['gmic', 'IN', ...words, 'cut', '0,255', 'round', 'output', 'OUT'];
const ffmpeg = (filter: string): string[] => [
  'ffmpeg',
  '-v',
  'error',
  '-y',
  '-i',
  'IN',
  '-vf',
  filter,
  '-pix_fmt',
  'rgb24',
  'OUT',
];
const vips = (...words: string[]): string[] => ['vips', ...words];

const NEAREST = { rounding: 'nearest' } as const;
const REFLECT101 = { borders: ['reflect101'] } as const;
const SYMMETRIC = { borders: ['symmetric'] } as const;
const REPLICATE = { borders: ['replicate'] } as const;

type Source = ForeignPair['source'];

function row(
  program: string,
  name: string,
  source: Source,
  made: ForeignPair['made'],
  truth: Truth,
  more: Partial<ForeignPair> = {},
): ForeignPair {
  return { program, name, source, made, truth, ...more };
}

/** Kernels, in files without losses. */
const LOSSLESS: readonly ForeignPair[] = [
  row('ImageMagick', 'sharpen', 'grey', magick('-morphology', 'Convolve', sized(SHARPEN)), {
    taps: taps(SHARPEN),
    known: /^sharpen/,
    ...REPLICATE,
    rounding: 'truncate',
  }),
  row('ImageMagick', 'emboss', 'rgb', magick('-morphology', 'Convolve', sized(EMBOSS)), {
    taps: taps(turned(EMBOSS)),
    known: /^emboss/,
    ...REPLICATE,
    rounding: 'truncate',
    orientation: 'convolution',
  }),
  row('ImageMagick', 'box', 'rgb', magick('-morphology', 'Convolve', sized(BOX)), {
    taps: taps(BOX),
    known: /^mean of 5×5/,
    ...REPLICATE,
    rounding: 'truncate',
  }),
  row('ImageMagick', 'gaussian-blur', 'grey', magick('-gaussian-blur', '0x1.5'), {
    taps: 'linear',
    known: /Gaussian/,
    ...REPLICATE,
  }),
  row('ImageMagick', 'blur', 'rgb', magick('-blur', '0x1'), {
    taps: 'linear',
    known: /Gaussian blur of σ 1 .*thirds/,
    ...REPLICATE,
  }),
  row('ImageMagick', 'sharpen-operator', 'grey', magick('-sharpen', '0x1'), {
    taps: 'linear',
    known: /./,
    ...REPLICATE,
  }),
  row('ImageMagick', 'unsharp', 'rgb', magick('-unsharp', '0x1+1.5+0'), {
    taps: 'linear',
    known: /[Uu]nsharp|less .* times its/,
    ...REPLICATE,
  }),
  row('ImageMagick', 'motion-blur', 'grey', magick('-motion-blur', '0x3+45'), {
    taps: 'linear',
    known: /[Mm]otion/,
    ...REPLICATE,
  }),
  row('ImageMagick', 'sharpen16', 'grey16', ['convert', 'IN', '-morphology', 'Convolve', sized(SHARPEN), 'OUT'], {
    taps: taps(SHARPEN),
    known: /^sharpen/,
    ...REPLICATE,
    rounding: 'truncate',
  }),
  row('ImageMagick', 'level', 'rgb', magick('-level', '10%,90%'), {
    taps: taps([[1.25]], -0.125 * 255),
    within: 1e-3,
    known: /./,
  }),
  row('GraphicsMagick', 'convolve', 'grey', gm('-convolve', flat(SHARPEN)), {
    taps: taps(SHARPEN),
    known: /^sharpen/,
    ...REPLICATE,
  }),
  row('GraphicsMagick', 'gaussian', 'grey', gm('-gaussian', '0x1'), {
    taps: 'linear',
    known: /Gaussian/,
    ...REPLICATE,
  }),
  row('GraphicsMagick', 'unsharp', 'rgb', gm('-unsharp', '0x1+1+0'), { taps: 'linear', known: /./, ...REPLICATE }),
  row('GraphicsMagick', 'sharpen', 'rgb', gm('-sharpen', '0x1'), { taps: 'linear', known: /./, ...REPLICATE }),
  row(
    "G'MIC",
    'convolve',
    'rgb',
    gmic(`(${ODD.map((r) => r.join(',')).join(';')})`, 'convolve[0]', '[1],1', 'remove[1]'),
    { taps: taps(turned(ODD)), ...NEAREST, ...REPLICATE },
  ),
  row(
    "G'MIC",
    'correlate',
    'grey',
    gmic(`(${BINOMIAL.map((r) => r.join(',')).join(';')})`, 'correlate[0]', '[1],1', 'remove[1]'),
    { taps: taps(BINOMIAL), known: /binomial/, ...NEAREST, ...REPLICATE },
  ),
  row("G'MIC", 'blur', 'grey', gmic('blur', '1.2'), {
    taps: 'linear',
    known: /./,
    ...NEAREST,
    ...REPLICATE,
    hard: 'recursive',
  }),
  row("G'MIC", 'laplacian', 'grey', gmic('laplacian'), {
    taps: taps([
      [0, 1, 0],
      [1, -4, 1],
      [0, 1, 0],
    ]),
    known: /[Ll]aplac/,
    ...NEAREST,
    ...REPLICATE,
  }),
  row('libvips', 'gaussblur', 'rgb', vips('gaussblur', 'IN', 'OUT', '1.5'), {
    taps: 'linear',
    known: /Gaussian/,
    ...REPLICATE,
  }),
  row('libvips', 'gaussblur-float', 'grey', vips('gaussblur', 'IN', 'OUT', '1', '--precision', 'float'), {
    taps: 'linear',
    known: /Gaussian/,
    ...REPLICATE,
  }),
  row('libvips', 'sobel', 'grey', vips('sobel', 'IN', 'OUT'), {}),
  row('libvips', 'sharpen', 'rgb', vips('sharpen', 'IN', 'OUT'), {}),
  row('libvips', 'median', 'grey', vips('rank', 'IN', 'OUT', '3', '3', '4'), {}),
  row(
    'FFmpeg',
    'convolution',
    'grey',
    ffmpeg("convolution='0 -1 0 -1 5 -1 0 -1 0:0 -1 0 -1 5 -1 0 -1 0:0 -1 0 -1 5 -1 0 -1 0:0 -1 0 -1 5 -1 0 -1 0'"),
    { taps: taps(SHARPEN), known: /^sharpen/ },
  ),
  row('FFmpeg', 'avgblur', 'grey', ffmpeg('avgblur=2'), {
    taps: taps(BOX),
    within: 1e-3,
    known: /^mean of 5×5/,
    ...REPLICATE,
  }),
  row('FFmpeg', 'boxblur', 'grey', ffmpeg('boxblur=1'), { taps: 'linear', known: /tent/, borders: ['symmetric'] }),
  row('FFmpeg', 'gblur', 'grey', ffmpeg('gblur=1'), { taps: 'linear', hard: 'recursive', known: /./ }),
  row('FFmpeg', 'unsharp', 'grey', ffmpeg('format=gray,unsharp=5:5:1.0'), { taps: 'linear', known: /./, ...REPLICATE }),
  row('FFmpeg', 'edgedetect', 'grey', ffmpeg('edgedetect'), {}),
  row('FFmpeg', 'median', 'grey', ffmpeg('format=gray,median=1'), {}),
  row('OpenCV', 'sharpen', 'rgb', cv(SHARPEN), { taps: taps(SHARPEN), known: /^sharpen/, ...NEAREST, ...REFLECT101 }),
  row('OpenCV', 'emboss', 'grey', cv(EMBOSS, 'REPLICATE'), {
    taps: taps(EMBOSS),
    known: /^emboss/,
    ...NEAREST,
    ...REPLICATE,
    orientation: 'correlation',
  }),
  row('OpenCV', 'odd', 'rgb', cv(ODD, 'REFLECT'), { taps: taps(ODD), ...NEAREST, ...SYMMETRIC }),
  row('OpenCV', 'odd16', 'rgb16', cv(ODD), { taps: taps(ODD), within: 1e-5, ...NEAREST, ...REFLECT101 }),
  row('OpenCV', 'odd-delta', 'grey', cv(ODD, 'REFLECT', 20), { taps: taps(ODD, 20), ...NEAREST, ...SYMMETRIC }),
  row('OpenCV', 'gaussian', 'grey', 'cv2.GaussianBlur(b, (5, 5), 1.1)', {
    taps: gaussian(1.1, 2),
    within: 3e-3,
    known: /Gaussian/,
    ...NEAREST,
    ...REFLECT101,
  }),
  row('OpenCV', 'gaussian7', 'rgb', 'cv2.GaussianBlur(b, (7, 7), 0)', {
    taps: taps(SMALL7.map((a) => SMALL7.map((b) => (a * b) / 1024))),
    known: /Gaussian/,
    ...NEAREST,
    ...REFLECT101,
  }),
  row('OpenCV', 'blur', 'rgb', 'cv2.blur(b, (5, 5))', {
    taps: taps(BOX),
    known: /^mean of 5×5/,
    ...NEAREST,
    ...REFLECT101,
  }),
  row('OpenCV', 'gaussian27', 'grey', 'cv2.GaussianBlur(b, (27, 27), 4)', {
    taps: gaussian(4, 13),
    within: 3e-3,
    known: /Gaussian/,
    ...NEAREST,
    ...REFLECT101,
  }),
  row('OpenCV', 'unsharp', 'grey', 'cv2.addWeighted(b, 1.5, cv2.GaussianBlur(b, (0, 0), 1.5), -0.5, 0)', {
    taps: 'linear',
    known: /./,
    ...REFLECT101,
  }),
  row('OpenCV', 'sobel-signed', 'grey', 'np.clip(cv2.Sobel(b, cv2.CV_16S, 1, 0) + 128, 0, 255).astype(np.uint8)', {
    taps: taps(
      [
        [-1, 0, 1],
        [-2, 0, 2],
        [-1, 0, 1],
      ],
      128,
    ),
    known: /^Sobel/,
    ...NEAREST,
    ...REFLECT101,
    orientation: 'correlation',
  }),
  row(
    'SciPy',
    'correlate',
    'rgb',
    `each(b, lambda p: u8(ndi.correlate(p.astype(float), np.array(${python(ODD)}), mode='reflect')))`,
    { taps: taps(ODD), ...NEAREST, ...SYMMETRIC },
  ),
  row('SciPy', 'gaussian', 'grey', 'u8(ndi.gaussian_filter(b.astype(float), 1))', {
    taps: gaussian(1, 4),
    within: 1e-4,
    known: /Gaussian/,
    ...NEAREST,
    ...SYMMETRIC,
  }),
  row('SciPy', 'uniform-uint8', 'grey', 'ndi.uniform_filter(b, 5)', {
    taps: taps(BOX),
    within: 1e-3,
    known: /^mean of 5×5/,
    ...SYMMETRIC,
    rounding: 'truncate',
  }),
  row('SciPy', 'laplace-added', 'grey', "u8(b - 0.7 * ndi.laplace(b.astype(float), mode='nearest'))", {
    taps: taps([
      [0, -0.7, 0],
      [-0.7, 3.8, -0.7],
      [0, -0.7, 0],
    ]),
    known: /./,
    ...NEAREST,
    ...REPLICATE,
  }),
  row(
    'SciPy',
    'zero-border',
    'rgb',
    `each(b, lambda p: u8(ndi.convolve(p.astype(float), np.array(${python(EMBOSS)}), mode='constant')))`,
    { taps: taps(turned(EMBOSS)), known: /^emboss/, ...NEAREST, borders: ['zero'], orientation: 'convolution' },
  ),
  row('Pillow', 'blur', 'rgb', 'pil(b, ImageFilter.BLUR)', {
    taps: taps(
      [
        [1, 1, 1, 1, 1],
        [1, 0, 0, 0, 1],
        [1, 0, 0, 0, 1],
        [1, 0, 0, 0, 1],
        [1, 1, 1, 1, 1],
      ].map((r) => r.map((t) => t / 16)),
    ),
    ...NEAREST,
    rim: 2,
  }),
  row('Pillow', 'sharpen', 'rgb', 'pil(b, ImageFilter.SHARPEN)', {
    taps: taps(
      [
        [-2, -2, -2],
        [-2, 32, -2],
        [-2, -2, -2],
      ].map((r) => r.map((t) => t / 16)),
    ),
    known: /./,
    ...NEAREST,
    rim: 1,
  }),
  row('Pillow', 'emboss', 'grey', 'pil(b, ImageFilter.EMBOSS)', {
    taps: taps(
      [
        [0, 0, 0],
        [0, 1, 0],
        [-1, 0, 0],
      ],
      128,
    ),
    known: /^emboss/,
    orientation: 'flipped-rows',
    ...NEAREST,
    rim: 1,
  }),
  row('Pillow', 'contour', 'rgb', 'pil(b, ImageFilter.CONTOUR)', {
    taps: taps(
      [
        [-1, -1, -1],
        [-1, 8, -1],
        [-1, -1, -1],
      ],
      255,
    ),
    known: /./,
    ...NEAREST,
    rim: 1,
  }),
  row('Pillow', 'detail', 'grey', 'pil(b, ImageFilter.DETAIL)', {
    taps: taps(
      [
        [0, -1, 0],
        [-1, 10, -1],
        [0, -1, 0],
      ].map((r) => r.map((t) => t / 6)),
    ),
    known: /./,
    ...NEAREST,
    rim: 1,
  }),
  row('Pillow', 'smooth-more', 'grey', 'pil(b, ImageFilter.SMOOTH_MORE)', {
    taps: taps(
      [
        [1, 1, 1, 1, 1],
        [1, 5, 5, 5, 1],
        [1, 5, 44, 5, 1],
        [1, 5, 5, 5, 1],
        [1, 1, 1, 1, 1],
      ].map((r) => r.map((t) => t / 100)),
    ),
    known: /./,
    ...NEAREST,
    rim: 2,
  }),
  row('Pillow', 'box-blur', 'rgb', 'pil(b, ImageFilter.BoxBlur(2))', {
    taps: taps(BOX),
    within: 1e-3,
    known: /^mean of 5×5/,
    ...REPLICATE,
  }),
  row('Pillow', 'gaussian-blur', 'rgb', 'pil(b, ImageFilter.GaussianBlur(2))', {
    taps: 'linear',
    known: /./,
    ...REPLICATE,
  }),
  row('Pillow', 'unsharp-0', 'grey', 'pil(b, ImageFilter.UnsharpMask(2, 80, 0))', {
    taps: 'linear',
    known: /./,
    ...REPLICATE,
  }),
  row('Pillow', 'edge-enhance-rgba', 'rgba', 'pil(b, ImageFilter.EDGE_ENHANCE)', {
    taps: taps(
      [
        [-1, -1, -1],
        [-1, 10, -1],
        [-1, -1, -1],
      ].map((r) => r.map((t) => t / 2)),
    ),
    known: /./,
    ...NEAREST,
    rim: 1,
    hard: 'alpha is filtered as a fourth colour',
  }),
  row('scikit-image', 'gaussian', 'rgb', 'skimage.img_as_ubyte(skimage.filters.gaussian(b, 1, channel_axis=-1))', {
    taps: gaussian(1, 4),
    within: 1e-3,
    known: /Gaussian/,
    ...NEAREST,
    ...REPLICATE,
  }),
  row('scikit-image', 'unsharp', 'grey', 'skimage.img_as_ubyte(skimage.filters.unsharp_mask(b, 2, 1))', {
    taps: unsharp(1, gaussian(2, 8)),
    within: 5e-3,
    known: /./,
    ...NEAREST,
    ...SYMMETRIC,
  }),
  row('scikit-image', 'prewitt-h', 'grey', 'u8(128 + 255 * skimage.filters.prewitt_h(b))', {
    taps: taps(
      [
        [1, 1, 1],
        [0, 0, 0],
        [-1, -1, -1],
      ].map((r) => r.map((t) => -t / 3)),
      128,
    ),
    within: 1,
    known: /Prewitt/,
    ...NEAREST,
    ...SYMMETRIC,
    orientation: 'any',
  }),
];

/** Of filters that are no kernel. */
const NOT_LINEAR: readonly ForeignPair[] = [
  row('ImageMagick', 'median', 'grey', magick('-statistic', 'Median', '3x3'), {}),
  row('ImageMagick', 'dilate', 'grey', magick('-morphology', 'Dilate', 'Square'), {}),
  row('ImageMagick', 'unsharp-thresholded', 'grey', magick('-unsharp', '0x2+1.5+0.04'), {}),
  row('ImageMagick', 'selective-blur', 'rgb', magick('-selective-blur', '0x2+8%'), {}),
  row('ImageMagick', 'emboss-operator', 'grey', magick('-emboss', '0x1'), {}),
  row('ImageMagick', 'zoom', 'rgb', magick('-resize', '50%', '-resize', '208x160!'), {}),
  row('ImageMagick', 'gamma', 'rgb', magick('-gamma', '1.4'), {}),
  row('ImageMagick', 'posterise', 'grey', magick('-posterize', '6'), {}),
  row('ImageMagick', 'modulate', 'rgb', magick('-modulate', '100,140'), {}),
  row('ImageMagick', 'rotate', 'grey', magick('-distort', 'SRT', '1.5'), {}),
  row('ImageMagick', 'mirror', 'rgb', magick('-flop'), {}),
  row('ImageMagick', 'equalise', 'grey', magick('-equalize'), {}),
  row(
    'ImageMagick',
    'linear-light',
    'rgb',
    magick('-colorspace', 'RGB', '-gaussian-blur', '0x1', '-colorspace', 'sRGB'),
    { taps: 'linear', known: /Gaussian/, light: 'linear' },
  ),
  row('GraphicsMagick', 'median', 'rgb', gm('-median', '1'), {}),
  row('GraphicsMagick', 'charcoal', 'grey', gm('-charcoal', '1'), {}),
  row('GraphicsMagick', 'unsharp-thresholded', 'rgb', gm('-unsharp', '0x2+1+0.05'), {}),
  row("G'MIC", 'bilateral', 'grey', gmic('bilateral', '3,20'), {}),
  row("G'MIC", 'gradient-norm', 'grey', gmic('gradient_norm'), {}),
  row("G'MIC", 'erode', 'rgb', gmic('erode', '3'), {}),
  row('OpenCV', 'median', 'rgb', 'cv2.medianBlur(b, 5)', {}),
  row('OpenCV', 'bilateral', 'rgb', 'cv2.bilateralFilter(b, 7, 30, 3)', {}),
  row(
    'OpenCV',
    'sobel-magnitude',
    'grey',
    'u8(cv2.magnitude(cv2.Sobel(b, cv2.CV_32F, 1, 0), cv2.Sobel(b, cv2.CV_32F, 0, 1)))',
    {},
  ),
  row('OpenCV', 'canny', 'rgb', 'cv2.Canny(b, 80, 160)', {}),
  row('OpenCV', 'clahe', 'grey', 'cv2.createCLAHE(2.0, (4, 4)).apply(b)', {}),
  row('OpenCV', 'warp', 'grey', 'cv2.warpAffine(b, np.float32([[1, 0, 2.5], [0, 1, 1.3]]), b.shape[1::-1])', {
    taps: 'linear',
    shift: [1, 2],
    hard: 'a displacement of parts of samples',
  }),
  row('OpenCV', 'luma-ycrcb', 'rgb', `luma_only(b, lambda y: cv2.filter2D(y, -1, np.array(${python(SHARPEN)})))`, {
    hard: 'luma',
  }),
  row(
    'OpenCV',
    'luma-lab',
    'rgb',
    `luma_only(b, lambda y: cv2.filter2D(y, -1, np.array(${python(SHARPEN)})), cv2.COLOR_RGB2LAB, cv2.COLOR_LAB2RGB)`,
    {},
  ),
  row('OpenCV', 'one-channel', 'rgb', 'np.dstack([cv2.GaussianBlur(b[..., 0], (5, 5), 1.1), b[..., 1], b[..., 2]])', {
    taps: 'linear',
    known: /./,
    ...NEAREST,
    ...REFLECT101,
  }),
  row('SciPy', 'median', 'grey', 'ndi.median_filter(b, 3)', {}),
  row('SciPy', 'grey-closing', 'grey', 'ndi.grey_closing(b, (3, 3))', {}),
  row('Pillow', 'unsharp-thresholded', 'rgb', 'pil(b, ImageFilter.UnsharpMask(2, 150, 6))', {}),
  row('Pillow', 'median', 'rgb', 'pil(b, ImageFilter.MedianFilter(3))', {}),
  row('Pillow', 'max', 'grey', 'pil(b, ImageFilter.MaxFilter(3))', {}),
  row('Pillow', 'mode', 'grey', 'pil(b, ImageFilter.ModeFilter(5))', {}),
  row('scikit-image', 'sobel', 'grey', 'skimage.img_as_ubyte(skimage.filters.sobel(b))', {}),
  row('scikit-image', 'tv', 'grey', 'skimage.img_as_ubyte(skimage.restoration.denoise_tv_chambolle(b, 0.05))', {}),
  row('scikit-image', 'equalise', 'grey', 'skimage.img_as_ubyte(skimage.exposure.equalize_adapthist(b))', {}),
  row('scikit-image', 'gamma', 'grey', 'skimage.exposure.adjust_gamma(b, 0.7)', {}),
];

/** By coders that lose something. */
const CODED: readonly ForeignPair[] = [
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

/** Altered as people alter them. */
const ALTERED: readonly ForeignPair[] = [
  row(
    'OpenCV',
    'caption-sharpen',
    'rgb',
    cv(SHARPEN),
    { taps: taps(SHARPEN), known: /^sharpen/, ...NEAREST, ...REFLECT101, exceptions: true },
    { altered: 'caption(a)' },
  ),
  row(
    'SciPy',
    'caption-unsharp',
    'grey',
    'u8(b + 1.5 * (b - ndi.gaussian_filter(b.astype(float), 1, truncate=2)))',
    { taps: unsharp(1.5, gaussian(1, 2)), within: 1e-3, known: /./, ...NEAREST, ...SYMMETRIC, exceptions: true },
    { altered: 'caption(a)' },
  ),
  row(
    "G'MIC",
    'caption-odd',
    'rgb',
    gmic(`(${ODD.map((r) => r.join(',')).join(';')})`, 'correlate[0]', '[1],1', 'remove[1]'),
    { taps: taps(ODD), ...NEAREST, ...REPLICATE, exceptions: true },
    { altered: 'caption(a)' },
  ),
  row(
    'ImageMagick',
    'mask-box',
    'rgb',
    magick('-morphology', 'Convolve', sized(BOX)),
    { taps: taps(BOX), known: /^mean of 5×5/, rounding: 'truncate', ...REPLICATE, exceptions: true },
    { altered: 'masked(b, a)' },
  ),
  row(
    'OpenCV',
    'mask-emboss',
    'grey',
    cv(EMBOSS),
    { taps: taps(EMBOSS), known: /^emboss/, ...NEAREST, ...REFLECT101, orientation: 'correlation', exceptions: true },
    { altered: 'masked(b, a)' },
  ),
  row(
    'Pillow',
    'mask-sharpen',
    'rgb',
    'pil(b, ImageFilter.SHARPEN)',
    {
      taps: taps(
        [
          [-2, -2, -2],
          [-2, 32, -2],
          [-2, -2, -2],
        ].map((r) => r.map((t) => t / 16)),
      ),
      known: /./,
      ...NEAREST,
      rim: 1,
      exceptions: true,
    },
    { altered: 'masked(b, a, 0.3)' },
  ),
  row(
    'OpenCV',
    'soft-mask',
    'grey',
    cv(SHARPEN),
    { taps: taps(SHARPEN), known: /^sharpen/, ...NEAREST, ...REFLECT101, exceptions: true, hard: 'a soft mask' },
    { altered: 'soft(b, a)' },
  ),
  row(
    'OpenCV',
    'dead-pixels',
    'rgb',
    cv(ODD),
    { taps: taps(ODD), ...NEAREST, ...REFLECT101, exceptions: true },
    { altered: 'dead(a)' },
  ),
  row('SciPy', 'caption-median', 'grey', 'ndi.median_filter(b, 3)', {}, { altered: 'caption(a)' }),
  row(
    'ImageMagick',
    'caption-alone',
    'rgb',
    null,
    { taps: taps([[1]]), known: /identity/, exceptions: true, ...NEAREST },
    { altered: 'caption(a)' },
  ),
  row('OpenCV', 'crop', 'rgb', cv(ODD), { taps: taps(ODD), ...NEAREST }, { altered: 'a[11:-14, 7:-22]' }),
  row(
    'ImageMagick',
    'crop-sharpen',
    'grey',
    magick('-morphology', 'Convolve', sized(SHARPEN)),
    { taps: taps(SHARPEN), known: /^sharpen/, rounding: 'truncate' },
    { altered: 'a[20:-3, 5:-9]' },
  ),
  row(
    'SciPy',
    'valid',
    'grey',
    `u8(ndi.correlate(b.astype(float), np.array(${python(ODD)})))`,
    { taps: taps(ODD), ...NEAREST },
    { altered: 'a[1:-1, 1:-1]' },
  ),
  row(
    'OpenCV',
    'shift',
    'grey',
    cv(SHARPEN),
    { taps: taps(SHARPEN), known: /^sharpen/, ...NEAREST, shift: [3, -2] },
    { altered: 'np.roll(a, (3, -2), (0, 1))' },
  ),
  row(
    'GraphicsMagick',
    'shift-gaussian',
    'rgb',
    gm('-convolve', flat(BINOMIAL.map((r) => r.map((t) => 16 * t)))),
    { taps: taps(BINOMIAL), known: /binomial|Gaussian/, shift: [-1, 4] },
    { altered: 'np.roll(a, (-1, 4), (0, 1))' },
  ),
  row(
    'libvips',
    'shift-blur',
    'grey',
    vips('gaussblur', 'IN', 'OUT', '1'),
    { taps: 'linear', known: /./, shift: [12, 5] },
    { altered: 'np.roll(a, (12, 5), (0, 1))' },
  ),
  row(
    'ImageMagick',
    'chain',
    'grey',
    magick('-gaussian-blur', '0x1', '-depth', '8', '-morphology', 'Convolve', sized(SHARPEN)),
    { taps: 'linear', known: /./, ...REPLICATE, hard: 'cut to 8 bits in between, and sharpened then' },
  ),
  row('OpenCV', 'chain', 'rgb', `(lambda b: ${cv(SHARPEN)})(cv2.blur(b, (3, 3)))`, {
    taps: 'linear',
    known: /./,
    ...REFLECT101,
    hard: 'rounded in between, and sharpened then',
  }),
  row('Pillow', 'chain', 'grey', 'pil(b, ImageFilter.SMOOTH, ImageFilter.SHARPEN)', {
    taps: 'linear',
    known: /./,
    rim: 1,
  }),
  row(
    'scikit-image',
    'chain-gamma',
    'grey',
    'skimage.exposure.adjust_gamma(cv2.GaussianBlur(b, (5, 5), 1.1), 0.8)',
    {},
  ),
  row(
    'ImageMagick',
    'tone-sharpen',
    'rgb',
    magick('-morphology', 'Convolve', sized(SHARPEN), '-sigmoidal-contrast', '4,50%'),
    {},
  ),
  row(
    'Pillow',
    'tone-curve',
    'grey',
    'np.asarray(Image.fromarray(b).point([int(255 * (i / 255) ** 0.6) for i in range(256)]))',
    {},
  ),
  row('OpenCV', 'negative', 'rgb', '255 - b', { taps: taps([[-1]], 255), known: /./, ...NEAREST }),
  row(
    'OpenCV',
    'colour-matrix',
    'rgb',
    'u8(b @ np.array([[0.393, 0.349, 0.272], [0.769, 0.686, 0.534], [0.189, 0.168, 0.131]]))',
    { taps: 'linear', ...NEAREST, known: /./ },
  ),
  row('OpenCV', 'to-grey', 'rgb', 'cv2.cvtColor(b, cv2.COLOR_RGB2GRAY)', { taps: 'linear', ...NEAREST, known: /./ }),
  row('OpenCV', 'swapped-sharpen', 'grey', cv(SHARPEN), { reversed: true }, { exchanged: true }),
  row(
    'SciPy',
    'swapped-unsharp',
    'grey',
    'u8(b + 1.5 * (b - ndi.gaussian_filter(b.astype(float), 1.5)))',
    { reversed: true },
    { exchanged: true },
  ),
  row(
    "G'MIC",
    'swapped-blur',
    'grey',
    gmic(`(${BINOMIAL.map((r) => r.join(',')).join(';')})`, 'correlate[0]', '[1],1', 'remove[1]'),
    { reversed: true, hard: 'a blur has a kernel both ways' },
    { exchanged: true },
  ),
  row('OpenCV', 'unrelated', 'grey', null, {}, { altered: 'o' }),
  row('ImageMagick', 'unrelated-box', 'rgb', magick('-morphology', 'Convolve', sized(BOX)), {}, { altered: 'o' }),
  row('Pillow', 'same', 'rgb', null, { taps: taps([[1]]), known: /identity/, identical: true, ...NEAREST }),
  row('SciPy', 'noise', 'grey', 'u8(b + np.random.RandomState(3).normal(0, 6, b.shape))', {
    taps: 'linear',
    hard: 'noise',
    known: /identity/,
  }),
  row('OpenCV', 'folder', 'rgb', cv(ODD), { taps: taps(ODD), ...NEAREST, ...REFLECT101 }, { pairs: 3 }),
  row(
    'OpenCV',
    'spoiled-folder',
    'rgb',
    cv(ODD),
    { taps: taps(ODD), ...NEAREST, ...REFLECT101, exceptions: true },
    { pairs: 3, spoiled: 'cv2.medianBlur(b, 5)' },
  ),
  row(
    'ImageMagick',
    'spoiled-folder',
    'grey',
    magick('-morphology', 'Convolve', sized(BOX)),
    { taps: taps(BOX), known: /^mean of 5×5/, rounding: 'truncate', ...REPLICATE, exceptions: true },
    { pairs: 3, spoiled: 'b[::-1].copy()' },
  ),
  row('ImageMagick', 'rgba-box', 'rgba', magick('-morphology', 'Convolve', sized(BOX)), {
    taps: taps(BOX),
    within: 1e-3,
    known: /^mean of 5×5/,
    rounding: 'truncate',
    ...REPLICATE,
    hard: 'alpha',
  }),
  row(
    'OpenCV',
    'rgba-colours',
    'rgba',
    `np.dstack([(lambda b: ${cv(SHARPEN)})(np.ascontiguousarray(b[..., :3])), b[..., 3]])`,
    { taps: taps(SHARPEN), known: /^sharpen/, ...NEAREST, ...REFLECT101 },
  ),
  row(
    'SciPy',
    'gaussian16',
    'rgb16',
    'np.rint(ndi.gaussian_filter(b.astype(float), (1, 1, 0), truncate=3)).astype(np.uint16)',
    { taps: gaussian(1, 3), within: 1e-4, known: /Gaussian/, ...NEAREST, ...SYMMETRIC },
  ),
  row("G'MIC", 'box16', 'grey16', ['gmic', 'IN', 'boxfilter', '3', 'round', 'output', 'OUT'], {
    taps: 'linear',
    known: /mean of 3×3/,
    ...NEAREST,
    ...REPLICATE,
  }),
];

export const PAIRS: readonly ForeignPair[] = [...LOSSLESS, ...NOT_LINEAR, ...CODED, ...ALTERED];
