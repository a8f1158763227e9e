/** Numbers that are gone through list after list, as often as it takes: all of them need not be in memory at once. */
export type Values = (visit: (list: Float32Array) => void) => void;

/** Those of one list. */
export function valuesOf(list: Float32Array): Values {
  return (visit) => visit(list);
}

/** The largest absolute value, 0 of none; or the first above `enough`, beyond which no difference matters. */
export function largest(values: Values, enough: number = Number.POSITIVE_INFINITY): number {
  let most = 0;
  values((list) => {
    if (most <= enough) most = Math.max(most, largestOf(list, enough));
  });
  return most;
}

function largestOf(list: Float32Array, enough: number): number {
  let most = 0;
  for (let i = 0; i < list.length; i++) {
    const size = Math.abs(list[i]);
    if (size <= most) continue;
    most = size;
    if (size > enough) break;
  }
  return most;
}
