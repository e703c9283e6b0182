// From the text in the page to columns of numbers.

/**
 * @typedef {Object} Run
 * @property {any} meta what is said in words
 * @property {Object<string, Int32Array|Float64Array>} columns by name, `table.column`
 */

export const FORMAT = 1;

/**
 * Unpack what Python packed.
 * @param {string} text base 64
 * @returns {Promise<Run>}
 */
export async function unpack(text) {
  const letters = atob(text.trim());
  const packed = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) packed[i] = letters.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return readColumns(await new Response(stream).arrayBuffer());
}

/**
 * Read the header and the columns behind it.
 * @param {ArrayBuffer} whole
 * @returns {Run}
 */
export function readColumns(whole) {
  const length = new DataView(whole).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(whole, 4, length)));
  if (header.format !== FORMAT) throw new Error(`this player reads format ${FORMAT}, not ${header.format}`);
  const kinds = { i1: Int8Array, i2: Int16Array, i4: Int32Array };
  /** @type {Object<string, Int32Array|Float64Array>} */
  const columns = {};
  let begin = 4 + length;
  for (const told of header.columns) {
    const Stored = kinds[/** @type {"i1"|"i2"|"i4"} */ (told.type)];
    const end = begin + told.length * Stored.BYTES_PER_ELEMENT;
    const stored = new Stored(whole.slice(begin, end));
    begin = end;
    const values = told.scale === 1 ? new Int32Array(told.length) : new Float64Array(told.length);
    let sum = 0;
    for (let i = 0; i < told.length; i++) {
      sum = told.delta ? sum + stored[i] : stored[i];
      values[i] = sum / told.scale;
    }
    columns[told.name] = values;
  }
  return { meta: header.meta, columns };
}
