/** How many cases a property is tried on: all in CI, and a quarter of them where someone waits for the answer. */
export function numRuns(all: number): { readonly numRuns: number } {
  return { numRuns: process.env['CI'] ? all : Math.ceil(all / 4) };
}
