import type { UprightPicture } from './correctedExif.ts';

/** No XMP is longer that pictures are kept with: JPEG holds 64 KiB of it. */
const LONGEST = 2 ** 20;

/** Properties that hold a number of the picture, under the prefixes that XMP's specification and all programs give them. */
const STATED: readonly (readonly [name: string, value: (picture: UprightPicture) => number])[] = [
  ['tiff:Orientation', () => 1],
  ['tiff:ImageWidth', ({ width }) => width],
  ['tiff:ImageLength', ({ height }) => height],
  ['exif:PixelXDimension', ({ width }) => width],
  ['exif:PixelYDimension', ({ height }) => height],
];

/** What tells of other pictures in the file: thumbnails; videos, depths and gain maps that phones add behind it. */
const REMOVED = '(?:xmp|xap):Thumbnails|xmpGImg:image|Container:Directory|GCamera:(?:Motion|Micro)\\w+|hdrgm:\\w+';

/**
 * XMP without what is not true of the picture any more, as {@link correctedExif}.
 *
 * @returns undefined where it is too long to be any
 */
export function correctedXmp(xmp: string, picture: UprightPicture): string | undefined {
  if (xmp.length > LONGEST) return undefined;
  let text = withoutElements(xmp, new RegExp(`<(${REMOVED})(?=[\\s/>])`, 'g'));
  text = text.replace(new RegExp(`\\s(?:${REMOVED})=(?:"[^"]*"|'[^']*')`, 'g'), '');
  for (const [name, value] of STATED) {
    const shown = String(value(picture));
    text = text.replace(new RegExp(`(\\s${name}=)(?:"[^"]*"|'[^']*')`, 'g'), `$1"${shown}"`);
    text = text.replace(new RegExp(`(<${name}(?:\\s[^<>]*)?>)[^<]*(?=</${name}>)`, 'g'), `$1${shown}`);
  }
  return text;
}

/** Each is searched from where the last one ended, so that the time grows with the text. */
function withoutElements(text: string, start: RegExp): string {
  let kept = '';
  let from = 0;
  for (let found = start.exec(text); found !== null; found = start.exec(text)) {
    const tagEnd = text.indexOf('>', found.index);
    if (tagEnd < 0) break;
    const close = `</${found[1]}>`;
    const isEmpty = text[tagEnd - 1] === '/';
    const end = isEmpty ? tagEnd + 1 : text.indexOf(close, tagEnd) + close.length;
    // Without an end it is no XML.
    if (end < tagEnd) break;
    kept += text.slice(from, found.index);
    from = end;
    start.lastIndex = end;
  }
  return kept + text.slice(from);
}
