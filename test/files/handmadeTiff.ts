export interface TiffParts {
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  readonly bits: number;
  readonly data: ArrayBufferView;
  /** 0 white is zero, 1 black is zero, 2 RGB, 3 palette, 5 CMYK, 8 CIELAB (TIFF 6.0). */
  readonly photometric?: number;
  /** 1 unsigned, 2 signed, 3 floating-point. */
  readonly format?: number;
  /** Of each sample beyond the colours: 0 unspecified, 1 multiplied alpha, 2 alpha. */
  readonly extra?: readonly number[];
  /** More entries of SHORTs. */
  readonly more?: Readonly<Record<number, readonly number[]>>;
  readonly bigEndian?: boolean;
}

/** An uncompressed TIFF of one strip; samples are taken in the byte order given. */
export function tiff(parts: TiffParts): Buffer {
  const {
    width,
    height,
    stride,
    bits,
    data,
    photometric = stride < 3 ? 1 : 2,
    format,
    extra,
    bigEndian = false,
  } = parts;
  const same = (value: number): number[] => new Array<number>(stride).fill(value);
  const shorts: Record<number, readonly number[]> = {
    258: same(bits),
    259: [1],
    262: [photometric],
    277: [stride],
    284: [1],
    ...(extra ? { 338: extra } : {}),
    ...(format ? { 339: same(format) } : {}),
    ...parts.more,
  };
  const longs: Record<number, number> = { 256: width, 257: height, 273: 0, 278: height, 279: data.byteLength };
  const tags = [...Object.keys(shorts), ...Object.keys(longs)].map(Number).sort((a, b) => a - b);
  const directoryEnd = 8 + 2 + tags.length * 12 + 4;
  const outside = tags.reduce((sum, tag) => sum + (shorts[tag]?.length > 2 ? shorts[tag].length * 2 : 0), 0);
  longs[273] = directoryEnd + outside;
  const head = Buffer.alloc(directoryEnd + outside);
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const little = !bigEndian;
  head.write(bigEndian ? 'MM' : 'II', 'latin1');
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  view.setUint16(8, tags.length, little);
  let free = directoryEnd;
  tags.forEach((tag, i) => {
    const at = 10 + i * 12;
    const values = shorts[tag] ?? [longs[tag]];
    const isShort = tag in shorts;
    view.setUint16(at, tag, little);
    view.setUint16(at + 2, isShort ? 3 : 4, little);
    view.setUint32(at + 4, values.length, little);
    const place = values.length > 2 ? free : at + 8;
    if (values.length > 2) {
      view.setUint32(at + 8, free, little);
      free += values.length * 2;
    }
    values.forEach((value, k) => {
      if (isShort) view.setUint16(place + k * 2, value, little);
      else view.setUint32(place, value, little);
    });
  });
  return Buffer.concat([head, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]);
}
