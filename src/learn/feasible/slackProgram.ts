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
  /**
   * @param pause awaited every some tenths of a second
   * @throws SolverEnded where the solver comes to no end within the budget, or fails
   */
  solve(pause: () => Promise<void>): Promise<{ readonly unknowns: Float64Array; readonly slack: number }>;
  /** Gives back the solver's memory. */
  dispose(): void;
}

/** Work that is left for linear programs: iterations, each times its rows and columns. By work, not by time, so that machines agree. */
export interface Budget {
  left: number;
}

/** About eight seconds of one processor. */
export function solverBudget(): Budget {
  return { left: 0.8e9 };
}

/** Thrown where linear programs come to no end: the message says why, as the end of a sentence. */
export class SolverEnded extends Error {
  override readonly name = 'SolverEnded';
}

/**
 * A linear program that is solved again and again as rows are added, each time from the last solution (dual simplex).
 *
 * @param fixed the value of each unknown that has one already
 * @param most the slack where no row limits it
 */
export async function slackProgram(
  fixed: readonly (number | undefined)[],
  most: number,
  budget: Budget,
): Promise<SlackProgram> {
  const highs = await solver();
  const unknowns = fixed.length;
  const model = guarded(() =>
    highs.createModel({
      numCols: unknowns + 1,
      numRows: 0,
      sense: highs.constants.objectiveSense.maximize,
      colCost: [...fixed.map(() => 0), 1],
      colLower: [...fixed.map((value) => value ?? -highs.infinity), -highs.infinity],
      colUpper: [...fixed.map((value) => value ?? highs.infinity), most],
      rowLower: [],
      rowUpper: [],
      matrix: { format: 'csr', numRows: 0, numCols: unknowns + 1, starts: [0], indices: [], values: [] },
    }),
  );
  model.options.set({ output_flag: false });
  let height = 0;
  return {
    add(rows) {
      height += rows.length;
      const across = unknowns + 1;
      const values = new Float64Array(rows.length * across);
      rows.forEach(({ coefficients }, i) => {
        values.set(coefficients, i * across);
        values[i * across + unknowns] = 1;
      });
      guarded(() =>
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
        }),
      );
    },
    async solve(pause) {
      const { optimal, iterationLimit } = highs.constants.modelStatus;
      const size = (unknowns + 1) * Math.max(1, height);
      // The solver goes on from where it stopped, so that a signal is heard between.
      const turn = Math.max(LEAST_TURN, Math.ceil(WORK_OF_TURN / size));
      model.options.set({ simplex_iteration_limit: turn });
      for (let status: number = iterationLimit; status !== optimal;) {
        if (budget.left < 0)
          throw new SolverEnded('its intervals are more than a linear program settles in some seconds');
        status = guarded(() => {
          model.run();
          return model.getModelStatus();
        });
        budget.left -= size * (status === iterationLimit ? turn : Math.min(turn, FEW_ITERATIONS));
        if (status !== optimal && status !== iterationLimit) {
          throw new SolverEnded(`the solver of linear programs ended with status ${status}`);
        }
        await pause();
      }
      const values = Float64Array.from(model.getSolution().colValue);
      return { unknowns: values.subarray(0, unknowns), slack: values[unknowns] };
    },
    dispose() {
      // Nothing is left to give back where the solver itself has ended.
      if (loading !== undefined) model.dispose();
    },
  };
}

/** A solver that fails (it had no memory left, say) is not used again. */
function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    loading = undefined;
    const [reason] = (error instanceof Error ? error.message : String(error)).split(/[.(]/);
    throw new SolverEnded(`the solver of linear programs failed (${reason})`);
  }
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

/**
 * Iterations between two pauses: as many as take some tenths of a second. Each time that it goes on the solver has lost what it knew of
 * the steepest edges: with a tenth of these turns, programs of a few dozen numbers took ten times as long.
 */
const LEAST_TURN = 200;
const WORK_OF_TURN = 3e7;

/** What a turn is charged that ended before its time: the solver does not tell how many it took. */
const FEW_ITERATIONS = 50;

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
