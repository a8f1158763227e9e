import type { Arena } from '../wasm/arena.ts';
import { netFunctions } from './engine.ts';
import type { Layout } from './layout.ts';

/** Planes in memory, with a rim of zeros. */
export interface Field {
  readonly channels: number;
  readonly at: Layout;
  /** The address of the first channel's first sample. */
  readonly data: number;
}

/** What becomes of a 1×1's sums: see {@link pointwiseCode}. */
type Finish = 'pointwise' | 'pointwiseAdd' | 'pointwiseRectified' | 'pointwiseAddRectified';

/** The operations of nets on fields of one arena. Rows of what they make end in zeros. */
interface NetOperations {
  /** Zeros behind the rows, where whole vectors of them, or of a coarser level's twice as large, go beyond them. */
  clear(field: Field): void;
  /** Zeros in the row below. */
  clearBelow(field: Field): void;
  /** y = max(x, 0), or max(y + x, 0) where x is added. */
  rectify(x: Field, y: Field, added: boolean): void;
  /**
   * @param weights the address of its packed weights
   * @param added the address of what is added, in y's layout
   */
  pointwise(finish: Finish, x: Field, y: Field, weights: number, added?: number): void;
  /** A 3×3 of each channel and the rectifier. */
  depthwise(x: Field, y: Field, weights: number): void;
  /** x + 1×1(rectifier(3×3(x))); `y` may be `x`. */
  block(x: Field, inside: Field, y: Field, weights: { readonly depthwise: number; readonly pointwise: number }): void;
  /** Means of 2×2 samples. */
  halve(x: Field, y: Field): void;
  /**
   * Rows of a field twice as large as x, bilinear.
   *
   * @param from the row of the larger field that y's first row is
   * @param first the row of the whole smaller field that x's first row is
   * @param height rows of the whole smaller field
   */
  double(x: Field, y: Field, room: number, from?: number, first?: number, height?: number): void;
}

export function netOperations(arena: Arena): NetOperations {
  const run = netFunctions(arena);
  const { floats } = arena;
  const clear = ({ channels, at, data }: Field): void => {
    if (at.width % 8 === 0) return;
    for (let c = 0; c < channels; c++) {
      for (let row = -1; row <= at.height; row++) {
        const start = (data + c * at.plane + row * at.row) / 4;
        floats.fill(0, start + at.width, start + 4 * at.vectors + 4);
      }
    }
  };
  const pointwise: NetOperations['pointwise'] = (finish, x, y, weights, added = 0) => {
    const { row, plane, height, vectors } = y.at;
    const [inputs, outputs] = [x.channels, y.channels];
    run[finish](x.data, x.at.plane, x.at.row, y.data, plane, row, added, height, vectors, weights, inputs, outputs);
    clear(y);
  };
  const depthwise: NetOperations['depthwise'] = (x, y, weights) => {
    const { row, height, vectors } = x.at;
    run.depthwiseRectified(x.data, x.at.plane, y.data, y.at.plane, 0, row, height, vectors, weights, x.channels);
    clear(y);
  };
  return {
    clear,
    clearBelow({ channels, at, data }) {
      for (let c = 0; c < channels; c++) {
        const start = (data + c * at.plane + at.height * at.row) / 4;
        floats.fill(0, start, start + 4 * at.vectors);
      }
    },
    rectify(x, y, added) {
      const { row, plane, height, vectors } = y.at;
      const name = added ? 'addRectified' : 'rectifyPlanes';
      run[name](x.data, x.at.plane, y.data, plane, row, height, vectors, y.channels);
      clear(y);
    },
    pointwise,
    depthwise,
    block(x, inside, y, weights) {
      depthwise(x, inside, weights.depthwise);
      pointwise('pointwiseAdd', inside, y, weights.pointwise, x.data);
    },
    halve(x, y) {
      for (let row = 0; row < y.at.height; row++) {
        const from = x.data + 2 * row * x.at.row;
        const to = y.data + row * y.at.row;
        run.halve(from, from + x.at.row, x.at.plane, to, y.at.plane, y.at.vectors, y.channels);
      }
      clear(y);
    },
    double(x, y, room, from = 0, first = 0, height = x.at.height) {
      for (let row = 0; row < y.at.height; row++) {
        const near = (from + row) >> 1;
        const far = Math.min(Math.max(near + ((from + row) % 2 === 0 ? -1 : 1), 0), height - 1);
        const [a, b] = [near, far].map((line) => x.data + (line - first) * x.at.row);
        const to = y.data + row * y.at.row;
        run.double(a, b, x.at.plane, to, y.at.plane, x.at.vectors, 4 * x.at.width, room, y.channels);
      }
    },
  };
}
