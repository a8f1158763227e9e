import type { SourceFacts } from './facts.ts';

/** What the frame's marker (ITU-T T.81, table B.1) says that the decoder may not read. */
const PROCESSES: Readonly<Record<number, string>> = {
  0xc3: 'lossless JPEG',
  0xc5: 'hierarchical JPEG',
  0xc6: 'hierarchical JPEG',
  0xc7: 'hierarchical lossless JPEG',
  0xc9: 'JPEG with arithmetic coding',
  0xca: 'JPEG with arithmetic coding',
  0xcb: 'lossless JPEG with arithmetic coding',
  0xcd: 'hierarchical JPEG with arithmetic coding',
  0xce: 'hierarchical JPEG with arithmetic coding',
  0xcf: 'hierarchical JPEG with arithmetic coding',
  0xf7: 'JPEG-LS',
};

/** The kind of a JPEG that is neither baseline nor progressive, or has other than 8 bits; nothing where it is of the usual ones. */
export function unusualJpeg(bytes: Uint8Array): Pick<SourceFacts, 'unusual'> {
  for (let at = 2; at + 5 < bytes.length;) {
    if (bytes[at] !== 0xff) at++;
    else if (isAlone(bytes[at + 1])) at += bytes[at + 1] === 0xff ? 1 : 2;
    else {
      const marker = bytes[at + 1];
      if (marker === 0xda) return {};
      if (isFrame(marker)) return described(marker, bytes[at + 4]);
      at += 2 + bytes[at + 2] * 256 + bytes[at + 3];
    }
  }
  return {};
}

/** Fill bytes, zeros in entropy-coded data, and markers without a length. */
function isAlone(marker: number): boolean {
  return marker === 0xff || marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd9);
}

/** SOF0 to SOF15 but the three markers among them that are something else: DHT, JPG and DAC. */
function isFrame(marker: number): boolean {
  return marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc);
}

function described(marker: number, bits: number): Pick<SourceFacts, 'unusual'> {
  const process = PROCESSES[marker];
  if (bits === 8) return process === undefined ? {} : { unusual: process };
  return { unusual: `${process ?? 'JPEG'} of ${bits} bits` };
}
