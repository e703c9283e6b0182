// Finding one's place in sorted columns.

/**
 * How many entries of a sorted column, between two places, are at most a value.
 * @param {ArrayLike<number>} sorted
 * @param {number} value
 * @param {number} [from]
 * @param {number} [to]
 * @returns {number} index of the first entry above the value, from `from` to `to`
 */
export function upperBound(sorted, value, from = 0, to = sorted.length) {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Indices of some entries in order of their values.
 * @param {number[]} indices
 * @param {(index: number) => number} valueOf
 * @returns {number[]}
 */
export function sortedBy(indices, valueOf) {
  return indices.sort((a, b) => valueOf(a) - valueOf(b) || a - b);
}
