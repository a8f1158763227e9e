import type { SourceFacts } from './facts.ts';
import { TIFF_TAG, type TiffTag, type TiffTags, tiffTags } from './tiffTags.ts';

/** JPEG old and new, JPEG 2000 (Aperio's and libtiff's numbers), WebP and JPEG XL in TIFF. */
const LOSSY_COMPRESSIONS: ReadonlySet<number> = new Set([6, 7, 33003, 33005, 34712, 50001, 50002, 52546]);

/** What sharp's binaries decompress: none, the three of CCITT, LZW, JPEG, deflate, PackBits, deflate's old number, WebP. */
const READ_COMPRESSIONS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 7, 8, 32773, 32946, 50001]);

const COMPRESSIONS: Readonly<Record<number, string>> = {
  6: 'old-style JPEG',
  9: 'JBIG',
  10: 'JBIG',
  33003: 'JPEG 2000',
  33005: 'JPEG 2000',
  34661: 'JBIG',
  34676: 'SGI LogLuv',
  34677: 'SGI LogLuv',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34892: 'lossy JPEG (DNG)',
  34925: 'LZMA',
  34933: 'PNG',
  50000: 'Zstandard',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
};

/** Photometric interpretations that are read: white is zero, black is zero, RGB, palette, inks, YCbCr. */
const READ_COLOURS: ReadonlySet<number> = new Set([0, 1, 2, 3, 5, 6]);

const COLOURS: Readonly<Record<number, string>> = {
  4: 'a mask of transparency',
  8: 'samples in CIE L*a*b*',
  9: 'samples in ICC L*a*b*',
  10: 'samples in ITU L*a*b*',
  32803: "a colour filter's mosaic (a camera's raw samples)",
  32844: 'logarithmic luminance (LogL)',
  32845: 'logarithmic luminance (LogLuv)',
  34892: "a camera's linear raw samples",
};

export function tiffFacts(bytes: Uint8Array, page: number): SourceFacts {
  const tags = tiffTags(bytes, page);
  const width = first(tags, TIFF_TAG.width);
  const height = first(tags, TIFF_TAG.height);
  const unread = kindNotRead(tags, page);
  return {
    ...(width === undefined || height === undefined ? {} : { size: { width, height } }),
    lossy: LOSSY_COMPRESSIONS.has(first(tags, TIFF_TAG.compression) ?? 1),
    ...(unread === undefined ? {} : { unread }),
    isOpaque: saysNoAlpha(tags),
    hasUnreadExif: tags.has(TIFF_TAG.exif) || tags.has(TIFF_TAG.places),
    ...(unread === undefined ? instead(bytes, tags) : {}),
  };
}

function instead(bytes: Uint8Array, tags: TiffTags): Partial<SourceFacts> {
  const numbers = numbersOf(tags);
  if (numbers !== undefined) return withoutSign(bytes, tags, numbers);
  return first(tags, TIFF_TAG.extra) === MULTIPLIED ? withoutDivision(bytes, tags) : {};
}

/** Samples that libvips would cut off at 0, or at whole numbers, on the way to us. */
function numbersOf(tags: TiffTags): SourceFacts['numbers'] {
  const format = first(tags, TIFF_TAG.sampleFormat) ?? UNSIGNED;
  if (format === SIGNED) return 'signed';
  return format === FLOAT && first(tags, TIFF_TAG.bits) === 16 ? 'half' : undefined;
}

/** The file as one of whole numbers without a sign, which the decoder gives bit by bit. */
function withoutSign(
  bytes: Uint8Array,
  tags: TiffTags,
  numbers: NonNullable<SourceFacts['numbers']>,
): Pick<SourceFacts, 'instead' | 'numbers'> {
  const { at, values, size } = tags.get(TIFF_TAG.sampleFormat) as TiffTag;
  const changed = Uint8Array.from(bytes);
  const isLittle = bytes[0] === 0x49;
  for (let i = 0; i < values.length; i++) {
    const low = at + i * size + (isLittle ? 0 : size - 1);
    changed.fill(0, at + i * size, at + (i + 1) * size);
    changed[low] = UNSIGNED;
  }
  return { numbers, instead: { bytes: changed, framesBefore: 0 } };
}

function first(tags: TiffTags, tag: number): number | undefined {
  return tags.get(tag)?.values[0];
}

/** Why samples would be refused, or come out as something else; nothing where they are read. */
function kindNotRead(tags: TiffTags, page: number): string | undefined {
  // Behind the first page, a smaller version of it is a page like others.
  if (page === 1 && ((first(tags, TIFF_TAG.subfile) ?? 0) & 1) === 1) {
    return "a TIFF that begins with a preview of its picture (as a camera's raw files do)";
  }
  const compression = first(tags, TIFF_TAG.compression) ?? 1;
  if (!READ_COMPRESSIONS.has(compression)) {
    return `a TIFF compressed by ${COMPRESSIONS[compression] ?? `a method of number ${compression}`}`;
  }
  const colours = first(tags, TIFF_TAG.photometric);
  if (colours !== undefined && !READ_COLOURS.has(colours)) {
    return COLOURS[colours] ?? `a TIFF of photometric interpretation ${colours}`;
  }
  if (colours === INKS && (first(tags, TIFF_TAG.inkSet) ?? 1) !== 1) return 'inks other than CMYK';
  return numbersNotRead(tags) ?? arrangementNotRead(tags);
}

const MULTIPLIED = 1;

const RGB = 2;
const INKS = 5;
const YCBCR = 6;
const UNSIGNED = 1;
const SIGNED = 2;
const FLOAT = 3;

const NUMBERS: Readonly<Record<number, string>> = {
  2: 'signed',
  3: 'floating-point',
  5: 'complex',
  6: 'complex floating-point',
};

const WHITE_IS_ZERO = 0;
/** More are not looked at. */
const MOST_SAMPLES = 64;

/** Sizes that are told. */
const MOST_SHOWN = 5;

/** What libvips calls samples out of range, or refuses without a name; those that it opens are named where they are laid out. */
function numbersNotRead(tags: TiffTags): string | undefined {
  const all = tags.get(TIFF_TAG.bits)?.values ?? [1];
  const format = first(tags, TIFF_TAG.sampleFormat) ?? UNSIGNED;
  const [bits] = all;
  const kind = NUMBERS[format];
  if (all.some((one) => one !== bits)) {
    const shown = `${all.slice(0, MOST_SHOWN).join(', ')}${all.length > MOST_SHOWN ? ', …' : ''}`;
    return `samples of different sizes (${shown} bits)`;
  }
  const named = `${bits}-bit ${kind === undefined ? '' : `${kind} `}samples`;
  if (all.length > MOST_SAMPLES) return `${all.length} or more samples a pixel`;
  if (numbersOf(tags) !== undefined) {
    // What the decoder does to make black 0, or to undo alpha, it would do to bits.
    const isInverted = first(tags, TIFF_TAG.photometric) === WHITE_IS_ZERO;
    if (isInverted) return `${named} of which white is 0`;
    if (first(tags, TIFF_TAG.extra) === MULTIPLIED) return `${named} multiplied by alpha`;
  }
  if (format > FLOAT && format !== 4) return named;
  if (format === FLOAT) return bits === 16 || bits === 32 ? undefined : named;
  const whole = bits === 8 || bits === 16 || bits === 32;
  if (whole || ((bits === 1 || bits === 2 || bits === 4) && (first(tags, TIFF_TAG.samples) ?? 1) === 1))
    return undefined;
  return named;
}

/** Orders of samples that libvips reads wrongly, as of 8.18: it turns no YCbCr into RGB but JPEG's, or where chroma is subsampled. */
function arrangementNotRead(tags: TiffTags): string | undefined {
  const colours = first(tags, TIFF_TAG.photometric);
  const compression = first(tags, TIFF_TAG.compression) ?? 1;
  const isSeparate = first(tags, TIFF_TAG.planes) === 2 && (first(tags, TIFF_TAG.samples) ?? 1) > 1;
  if (colours === YCBCR && isSeparate) return 'YCbCr samples in separate planes';
  if (colours === YCBCR && compression !== 7) {
    const [across = 2, down = 2] = tags.get(TIFF_TAG.subsampling)?.values ?? [];
    if (across === 1 && down === 1) return 'YCbCr samples that are not coded by JPEG';
  }
  if (!isSeparate) return undefined;
  if (tags.has(TIFF_TAG.tileWidth)) return 'tiles of separate planes';
  // Those it copies come out right; the others only in the first row.
  const bits = first(tags, TIFF_TAG.bits) ?? 1;
  const isHalf = bits === 16 && first(tags, TIFF_TAG.sampleFormat) === FLOAT;
  if ((colours === RGB || colours === INKS) && bits >= 8 && !isHalf) return undefined;
  return 'grey or palette samples in separate planes';
}

/**
 * Whether the sample beyond the colours is no alpha: where ExtraSamples says that it is nothing in particular (0; TIFF 6.0, page 31), or
 * where there is none and the decoder makes one. Where samples are left over and nothing is said, they are alpha, as OpenCV writes it.
 */
function saysNoAlpha(tags: TiffTags): boolean {
  const extra = first(tags, TIFF_TAG.extra);
  return extra === undefined ? first(tags, TIFF_TAG.photometric) === YCBCR : extra !== 1 && extra !== 2;
}

const UNMULTIPLIED = 2;

/** The file as one whose colours are not multiplied by alpha: libvips cuts off what is left of the division, we round. */
function withoutDivision(bytes: Uint8Array, tags: TiffTags): Pick<SourceFacts, 'instead' | 'isMultiplied'> {
  const at = tags.get(TIFF_TAG.extra)?.at ?? 0;
  const changed = Uint8Array.from(bytes);
  new DataView(changed.buffer).setUint16(at, UNMULTIPLIED, bytes[0] === 0x49);
  return { isMultiplied: true, instead: { bytes: changed, framesBefore: 0 } };
}
