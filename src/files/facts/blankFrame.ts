/**
 * A frame of a GIF that is transparent throughout, with its extension: a few hundred bytes for any screen, as LZW codes of a run grow
 * with each other.
 */
export function blankFrame(width: number, height: number): Uint8Array {
  const codes = runCodes(width * height);
  const blocks: number[] = [];
  for (let at = 0; at < codes.length; at += MOST_IN_A_BLOCK) {
    const block = codes.slice(at, at + MOST_IN_A_BLOCK);
    blocks.push(block.length, ...block);
  }
  // Leave it standing; colour 0 is transparent.
  const control = [0x21, 0xf9, 4, 0b101, 0, 0, 0, 0];
  const place = [0x2c, 0, 0, 0, 0, width & 255, width >> 8, height & 255, height >> 8];
  const twoBlacks = [0x80, 0, 0, 0, 0, 0, 0];
  return Uint8Array.from([...control, ...place, ...twoBlacks, FIRST_BITS, ...blocks, 0]);
}

const MOST_IN_A_BLOCK = 255;
/** The least that GIF allows. */
const FIRST_BITS = 2;
const CLEAR = 2 ** FIRST_BITS;
const END = CLEAR + 1;
const MOST_CODES = 4096;

/** LZW codes, packed, of so many samples that are 0: each code stands for one sample more than the code before it. */
function runCodes(samples: number): number[] {
  const bytes: number[] = [];
  let pending = 0;
  let held = 0;
  const write = (code: number, bits: number): void => {
    pending |= code << held;
    held += bits;
    for (; held >= 8; held -= 8) {
      bytes.push(pending & 255);
      pending >>>= 8;
    }
  };
  let left = samples;
  let bits = FIRST_BITS + 1;
  write(CLEAR, bits);
  // The code that the decoder is about to define; of a run of `n` it is END + n - 1.
  let next = END + 1;
  let length = 0;
  while (left > 0) {
    if (next === MOST_CODES) {
      write(CLEAR, bits);
      bits = FIRST_BITS + 1;
      next = END + 1;
      length = 0;
    }
    const run = Math.min(length + 1, left);
    write(run === 1 ? 0 : END + run - 1, bits);
    left -= run;
    // The first code after a clear defines none.
    if (length > 0) next++;
    if (next === 2 ** bits && bits < 12) bits++;
    length = run;
  }
  write(END, bits);
  if (held > 0) bytes.push(pending & 255);
  return bytes;
}
