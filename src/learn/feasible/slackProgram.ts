import type { Highs } from 'highs';
import { ExpectationError } from '../../planes/expected.ts';

/** Σ coefficients·unknowns + slack ≤ bound. */
export interface Row {
  readonly coefficients: Float64Array;
  readonly bound: number;
}

/** The unknowns that keep all rows with the most slack. */
export interface SlackProgram {
  add(rows: readonly Row[]): void;
  /** @throws Error where the solver comes to no end */
  solve(): { readonly unknowns: Float64Array; readonly slack: number };
  /** Gives back the solver's memory. */
  dispose(): void;
}

/**
 * A linear program that is solved again and again as rows are added, each time from the last solution (dual simplex).
 *
 * @param fixed the value of each unknown that has one already
 * @param most the slack where no row limits it
 */
export async function slackProgram(fixed: readonly (number | undefined)[], most: number): Promise<SlackProgram> {
  const highs = await solver();
  const unknowns = fixed.length;
  const model = highs.createModel({
    numCols: unknowns + 1,
    numRows: 0,
    sense: highs.constants.objectiveSense.maximize,
    colCost: [...fixed.map(() => 0), 1],
    colLower: [...fixed.map((value) => value ?? -highs.infinity), -highs.infinity],
    colUpper: [...fixed.map((value) => value ?? highs.infinity), most],
    rowLower: [],
    rowUpper: [],
    matrix: { format: 'csr', numRows: 0, numCols: unknowns + 1, starts: [0], indices: [], values: [] },
  });
  model.options.set({ output_flag: false, simplex_iteration_limit: MOST_ITERATIONS });
  return {
    add(rows) {
      const across = unknowns + 1;
      const values = new Float64Array(rows.length * across);
      rows.forEach(({ coefficients }, i) => {
        values.set(coefficients, i * across);
        values[i * across + unknowns] = 1;
      });
      model.addRows({
        lower: new Float64Array(rows.length).fill(-highs.infinity),
        upper: Float64Array.from(rows, ({ bound }) => bound),
        matrix: {
          format: 'csr',
          numRows: rows.length,
          numCols: across,
          starts: Int32Array.from({ length: rows.length + 1 }, (_, i) => i * across),
          indices: Int32Array.from(values, (_, i) => i % across),
          values,
        },
      });
    },
    solve() {
      model.run();
      const status = model.getModelStatus();
      if (status !== highs.constants.modelStatus.optimal) {
        throw new Error(`The linear program of the intervals ended with the solver's status ${status}`);
      }
      const values = Float64Array.from(model.getSolution().colValue);
      return { unknowns: values.subarray(0, unknowns), slack: values[unknowns] };
    },
    dispose: () => model.dispose(),
  };
}

/** Whether the solver can be loaded: always in Node; in a browser where the page's import map names it. */
export async function hasSolver(): Promise<boolean> {
  try {
    await solver();
    return true;
  } catch {
    return false;
  }
}

const MOST_ITERATIONS = 100_000;

let loading: Promise<Highs> | undefined;

/**
 * HiGHS (MIT), 3.5 MB of WebAssembly, loaded when it is first needed. Bundlers must not follow it, as parts of it are for Node
 * alone: hence a name that they cannot read. In a browser the page's import map says where `highs` stands.
 */
function solver(): Promise<Highs> {
  const name: string = ['highs'].join('');
  loading ??= import(/* webpackIgnore: true */ /* @vite-ignore */ name).then(
    (highs: { default: () => Promise<Highs> }) => highs.default(),
    (reason: unknown) => {
      loading = undefined;
      throw new ExpectationError(
        `Expected the package highs (installed, or in a browser named in the page's import map) for method 'feasible' but received ${String(reason)}`,
      );
    },
  );
  return loading;
}
