/** What an AV1 sequence header says of colour. */
interface Av1Colour {
  readonly isGrey: boolean;
  /** Whether black is 0 and white the largest sample. */
  readonly isFull: boolean;
}

/**
 * The colours of AV1 data, from the sequence header among its first units; none where there is none, or it ends too soon. Of
 * coded colour only greys tell their range here.
 *
 * @see https://aomediacodec.github.io/av1-spec/#sequence-header-obu-syntax
 */
export function av1Colour(data: Uint8Array): Av1Colour | undefined {
  try {
    const header = sequenceHeader(data);
    return header && readColour(bitReader(header));
  } catch {
    return undefined;
  }
}

const SEQUENCE_HEADER = 1;

function sequenceHeader(data: Uint8Array): Uint8Array | undefined {
  for (let at = 0; at < data.length;) {
    const type = (data[at] >> 3) & 15;
    const hasExtension = (data[at] & 4) !== 0;
    const hasSize = (data[at] & 2) !== 0;
    at += hasExtension ? 2 : 1;
    let size = data.length - at;
    if (hasSize) {
      size = 0;
      for (let shift = 0; shift < 56; shift += 7) {
        const byte = data[at++];
        size += (byte & 127) * 2 ** shift;
        if (byte < 128) break;
      }
    }
    if (type === SEQUENCE_HEADER) return data.subarray(at, at + size);
    at += size;
  }
  return undefined;
}

type Bits = (count: number) => number;

function bitReader(bytes: Uint8Array): Bits {
  let at = 0;
  return (count) => {
    let value = 0;
    for (let i = 0; i < count; i++, at++) {
      if (at >> 3 >= bytes.length) throw new RangeError('the header ends too soon');
      value = value * 2 + ((bytes[at >> 3] >> (7 - (at & 7))) & 1);
    }
    return value;
  };
}

function readColour(read: Bits): Av1Colour {
  const profile = read(3);
  read(1); // still picture
  const isReduced = read(1) === 1;
  if (isReduced) read(5);
  else skipOperatingPoints(read);
  const widthBits = read(4) + 1;
  const heightBits = read(4) + 1;
  read(widthBits);
  read(heightBits);
  if (!isReduced && read(1) === 1) read(7); // frame numbers
  read(3); // superblocks, two intra filters
  if (!isReduced) skipTools(read);
  read(3); // superresolution, two in-loop filters
  const isDeep = read(1) === 1;
  if (profile === 2 && isDeep) read(1);
  const isGrey = profile !== 1 && read(1) === 1;
  const isDescribed = read(1) === 1;
  if (isDescribed) read(24);
  return { isGrey, isFull: isGrey ? read(1) === 1 : true };
}

function skipOperatingPoints(read: Bits): void {
  let delayBits = 0;
  if (read(1) === 1) {
    read(64);
    if (read(1) === 1) skipUvlc(read);
    if (read(1) === 1) {
      delayBits = read(5) + 1;
      read(32);
      read(10);
    }
  }
  const hasDelay = read(1) === 1;
  for (let points = read(5) + 1; points > 0; points--) {
    read(12);
    if (read(5) > 7) read(1);
    if (delayBits > 0 && read(1) === 1) read(2 * delayBits + 1);
    if (hasDelay && read(1) === 1) read(4);
  }
}

function skipUvlc(read: Bits): void {
  let zeros = 0;
  while (read(1) === 0) zeros++;
  if (zeros < 32) read(zeros);
}

function skipTools(read: Bits): void {
  read(4);
  const hasOrder = read(1) === 1;
  if (hasOrder) read(2);
  const forced = read(1) === 1 ? 2 : read(1);
  if (forced > 0 && read(1) === 0) read(1);
  if (hasOrder) read(3);
}
