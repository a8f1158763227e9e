/** Weights of red, green and blue that make one channel of three, as standards and programs write them. */
interface ColourWeights {
  /** As in `luma of Rec. 601`. */
  readonly name: string;
  readonly weights: readonly [red: number, green: number, blue: number];
}

/**
 * Ordered as they are preferred where pictures do not tell: luma of ITU-R BT.601 and BT.709 as standards write them, then with the
 * digits of programs (ImageMagick, Pillow, OpenCV, GraphicsMagick, scikit-image); the mean; luminance of linear light (libvips; CIE's Y under D50, as
 * G'MIC has it); and differences of colour as JFIF and OpenCV define them.
 */
export const COLOUR_WEIGHTS: readonly ColourWeights[] = [
  { name: 'luma of Rec. 601', weights: [0.299, 0.587, 0.114] },
  { name: 'luma of Rec. 709', weights: [0.2126, 0.7152, 0.0722] },
  { name: 'luma of Rec. 601, as ImageMagick writes it', weights: [0.298839, 0.586811, 0.11435] },
  { name: 'luma of Rec. 601, over 65536', weights: [19595 / 65536, 38470 / 65536, 7471 / 65536] },
  { name: 'luma of Rec. 601, over 32768', weights: [9798 / 32768, 19235 / 32768, 3735 / 32768] },
  { name: 'luma of Rec. 601, over 1024', weights: [306 / 1024, 601 / 1024, 117 / 1024] },
  { name: 'luma of Rec. 709, as ImageMagick writes it', weights: [0.212656, 0.715158, 0.072186] },
  { name: 'luma of Rec. 709, as scikit-image writes it', weights: [0.2125, 0.7154, 0.0721] },
  { name: 'mean of the channels', weights: [1 / 3, 1 / 3, 1 / 3] },
  { name: 'luminance, as libvips writes it', weights: [0.2, 0.7, 0.1] },
  { name: 'luminance under D50', weights: [0.2224884, 0.7169037, 0.0606079] },
  { name: 'Cb of JFIF', weights: [-0.168736, -0.331264, 0.5] },
  { name: 'Cr of JFIF', weights: [0.5, -0.418688, -0.081312] },
  { name: 'Cb of OpenCV', weights: [-0.168636, -0.331068, 0.499704] },
  { name: 'Cr of OpenCV', weights: [0.499813, -0.418531, -0.081282] },
];
