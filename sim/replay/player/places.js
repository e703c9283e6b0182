// Where things are on the map and on the straightened strip.

/**
 * @typedef {Object} Camera how the map is laid on a canvas
 * @property {number} x middle of what is shown, map units
 * @property {number} y
 * @property {number} scale pixels to a map unit
 */

/**
 * @typedef {Object} Stretch the part of the line that the strip shows
 * @property {number} from km
 * @property {number} to km
 */

/** Kilometres between lines that do not meet, on the strip. */
const GAP_KM = 15;

/**
 * Where each segment begins on the straightened line, km; the last entry is its end.
 * @param {import("./decode.js").Run} run
 * @returns {number[]}
 */
export function courseOf(run) {
  /** @type {number[]} */
  const starts = [];
  let km = 0;
  run.meta.segments.forEach((/** @type {any} */ segment, /** @type {number} */ number) => {
    if (number > 0 && !segment.next.includes(number - 1)) km += GAP_KM;
    starts.push(km);
    km += segment.km;
  });
  return [...starts, km];
}

/**
 * A place on the line and the way to its left, in map units.
 * @param {import("./decode.js").Run} run
 * @param {number} segment
 * @param {number} share where along it, 0 to 1
 * @param {Float64Array|number[]} out x, y, and the unit vector to the left
 */
export function onLine(run, segment, share, out) {
  const c = run.columns;
  const points = run.meta.points;
  const along = Math.min(Math.max(share, 0), 1) * (points - 1);
  const low = Math.min(Math.floor(along), points - 2);
  const part = along - low;
  const i = segment * points + low;
  out[0] = c.line_x[i] * (1 - part) + c.line_x[i + 1] * part;
  out[1] = c.line_y[i] * (1 - part) + c.line_y[i + 1] * part;
  out[2] = c.left_x[i] * (1 - part) + c.left_x[i + 1] * part;
  out[3] = c.left_y[i] * (1 - part) + c.left_y[i + 1] * part;
}

/**
 * On which hand of a segment a side is: 1 left, -1 right.
 * @param {import("./decode.js").Run} run
 * @param {number} side
 * @param {number} segment
 */
export function handOf(run, side, segment) {
  return run.columns.hand[side * run.meta.segments.length + segment];
}

/**
 * A camera that shows some segments whole.
 * @param {import("./decode.js").Run} run
 * @param {number[]} segments
 * @param {number} width px
 * @param {number} height px
 * @param {number} margin px
 * @returns {Camera}
 */
export function cameraOn(run, segments, width, height, margin = 42) {
  const { points } = run.meta;
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const segment of segments) {
    for (let i = segment * points; i < (segment + 1) * points; i++) {
      left = Math.min(left, run.columns.line_x[i]);
      right = Math.max(right, run.columns.line_x[i]);
      top = Math.min(top, run.columns.line_y[i]);
      bottom = Math.max(bottom, run.columns.line_y[i]);
    }
  }
  const wide = Math.max(right - left, 1e-3);
  const high = Math.max(bottom - top, 1e-3);
  const scale = Math.min(Math.max(width - 2 * margin, 20) / wide, Math.max(height - 2 * margin, 20) / high);
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale };
}

/**
 * How far off the line things are drawn on the map, px, by how close one is.
 * @param {import("./decode.js").Run} run
 * @param {Camera} camera
 */
export function offsetsOn(run, camera) {
  const pxPerKm = camera.scale / run.meta.km_per_unit;
  const near = Math.min(Math.max(Math.sqrt(pxPerKm) / 1.2, 0.42), 3.2);
  return { patrols: 6 * near, posts: 15 * near, reach: 20 * near, near };
}

/**
 * Segments that begin or end within a stretch of the strip.
 * @param {number[]} course as of `courseOf`
 * @param {Stretch} stretch
 * @returns {number[]}
 */
export function segmentsIn(course, stretch) {
  const shown = [];
  for (let i = 0; i < course.length - 1; i++) {
    if (course[i + 1] > stretch.from && course[i] < stretch.to) shown.push(i);
  }
  return shown;
}

/**
 * Keep a stretch on the line, and no shorter than 10 km.
 * @param {number[]} course
 * @param {Stretch} stretch
 * @returns {Stretch}
 */
export function within(course, stretch) {
  const whole = course[course.length - 1];
  const length = Math.min(Math.max(stretch.to - stretch.from, 10), whole);
  const from = Math.min(Math.max((stretch.from + stretch.to - length) / 2, 0), whole - length);
  return { from, to: from + length };
}
