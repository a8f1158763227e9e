import { blocksOf } from './blocks.ts';
import type { Left } from './misfits.ts';

/** What is not of the kernel. */
export interface Exceptions {
  /** Samples that the kernel does not give by more than rounding explains, of all whose windows lie in the befores. */
  readonly misfits: number;
  readonly samples: number;
  /** Of the misfits, those that are the before's own samples. */
  readonly unchanged: number;
  readonly places: readonly ExceptionPlace[];
}

/** Where in one after most misfits lie. */
export interface ExceptionPlace {
  /** As messages name the pair. */
  readonly where: string;
  readonly misfits: number;
  readonly samples: number;
  /** The rectangle of the after that holds all blocks with more misfits than chance; absent where they are all over it. */
  readonly rectangle?: { readonly top: number; readonly left: number; readonly height: number; readonly width: number };
}

/** Of a block's samples: fewer are single samples, as dead pixels are. */
const MANY = 0.05;

/** A rectangle of more of the picture than this tells no place. */
const MOST_AREA = 0.6;

/** @param rim rows and columns along the rim that were copied, and are told by themselves */
export function exceptionsOf(lefts: readonly Left[], middle: number, most: number, rim: number): Exceptions {
  let [misfits, samples, unchanged] = [0, 0, 0];
  const places: ExceptionPlace[] = [];
  for (const whole of lefts) {
    const left = withoutRim(whole, middle, rim);
    const { levels, height, width } = left;
    let own = 0;
    for (let i = 0; i < levels.length; i++) {
      if (Math.abs(levels[i] - middle) <= most) continue;
      own++;
      unchanged += left.unchanged[i];
    }
    misfits += own;
    samples += levels.length;
    if (own === 0) continue;
    const blocks = blocksOf(left, middle, most).filter((block) => block.misfits > MANY * block.samples);
    const top = Math.min(...blocks.map(({ row }) => row));
    const first = Math.min(...blocks.map(({ column }) => column));
    const bottom = Math.max(...blocks.map((block) => block.row + block.height));
    const end = Math.max(...blocks.map((block) => block.column + block.width));
    const tells = blocks.length > 0 && (bottom - top) * (end - first) <= MOST_AREA * height * width;
    places.push({
      where: left.example.where,
      misfits: own,
      samples: levels.length,
      ...(tells && {
        rectangle: { top: top + left.top, left: first + left.left, height: bottom - top, width: end - first },
      }),
    });
  }
  return { misfits, samples, unchanged, places };
}

/** As if the rim fitted. */
function withoutRim(left: Left, middle: number, rim: number): Left {
  if (rim === 0) return left;
  const { height, width, top, left: first, example } = left;
  const levels = left.levels.map((level, i) => {
    const row = top + (Math.floor(i / width) % height);
    const column = first + (i % width);
    const inside = Math.min(row, column, example.after.height - 1 - row, example.after.width - 1 - column);
    return inside < rim ? middle : level;
  });
  return { ...left, levels };
}
