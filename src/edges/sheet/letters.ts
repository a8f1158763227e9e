/** Rows of a letter, and its columns. */
export const LETTER_HEIGHT = 8;
export const LETTER_WIDTH = 5;

/** Eight rows of five pixels for each letter that labels are made of: base-32 digits, whose highest bit is the pixel on the left. */
const LETTERS: Readonly<Record<string, string>> = {
  a: '00e1fhf0',
  b: 'gguhhhu0',
  c: '00egghe0',
  d: '11fhhhf0',
  e: '00ehvge0',
  f: '698s8880',
  g: '00fhhf1e',
  h: 'ggmphhh0',
  i: '40c444e0',
  k: 'ggikoki0',
  l: 'c44444e0',
  n: '00mphhh0',
  o: '00ehhhe0',
  p: '00uhhugg',
  r: '00mpggg0',
  s: '00fge1u0',
  t: '88s88960',
  u: '00hhhjd0',
  w: '00hhlla0',
  y: '00hhhf1e',
  '-': '000v0000',
  '5': 'vgu11he0',
  '7': 'v1248880',
  ' ': '00000000',
};

/**
 * The pixels of a line of text, a column of space after each letter.
 *
 * @param text of letters that labels are made of
 * @param visit called with the row and column of each pixel that is drawn
 */
export function drawText(text: string, visit: (row: number, column: number) => void): void {
  Array.from(text).forEach((letter, place) => {
    Array.from(LETTERS[letter], (digit) => Number.parseInt(digit, 32)).forEach((bits, row) => {
      for (let column = 0; column < LETTER_WIDTH; column++) {
        if (bits & (1 << (LETTER_WIDTH - 1 - column))) visit(row, place * (LETTER_WIDTH + 1) + column);
      }
    });
  });
}
