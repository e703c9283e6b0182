// The names of provinces on the map, each on its side and clear of the line.
import { DIM } from "./marks.js";
import { handOf, offsetsOn } from "./places.js";
import { onMap, postOnMap, toTheRight } from "./projection.js";

/** @typedef {import("./projection.js").MapView} MapView */

/**
 * @typedef {Object} Label
 * @property {string} name
 * @property {number} x
 * @property {number} y
 * @property {CanvasTextAlign} align
 */

/** @type {{key: string, labels: Label[]}} the labels of the camera used last */
let kept = { key: "", labels: [] };

/**
 * Write the names of provinces on their side.
 * @param {import("./marks.js").Pen} pen
 * @param {import("./decode.js").Run} run
 * @param {MapView} view
 */
export function labelProvinces(pen, run, view) {
  pen.font = "11px system-ui, sans-serif";
  pen.textBaseline = "middle";
  const { x, y, scale } = view.camera;
  const key = [x, y, scale, view.width, view.height, view.post].join();
  if (kept.key !== key) kept = { key, labels: placeLabels(pen, run, view) };
  pen.fillStyle = DIM;
  for (const label of kept.labels) {
    pen.textAlign = label.align;
    pen.fillText(label.name, label.x, label.y);
  }
}

/**
 * Find for each province in view the place on its side that is farthest from the rest of the line.
 * @param {import("./marks.js").Pen} pen
 * @param {import("./decode.js").Run} run
 * @param {MapView} view
 * @returns {Label[]}
 */
function placeLabels(pen, run, view) {
  const away = offsetsOn(run, view.camera).posts + 24;
  const line = [...run.meta.segments.keys()].flatMap((n) =>
    [0, 0.5].map((share) => onMap(run, view, n, share, 0)),
  );
  /** @typedef {{x: number, y: number, right: boolean, room: number}} Spot */
  /** @type {Map<string, {name: string, spots: Spot[], votes: number}>} */
  const provinces = new Map();
  run.meta.segments.forEach((/** @type {any} */ segment, /** @type {number} */ number) => {
    segment.sides.forEach((/** @type {number} */ side, /** @type {number} */ k) => {
      const hand = handOf(run, side, number);
      const [x, y] = onMap(run, view, number, 0.5, hand * away);
      if (x < 8 || x > view.width - 8 || y < 22 || y > view.height - 22) return;
      const right = toTheRight(run, side, number, 0.5);
      const width = pen.measureText(segment.provinces[k]).width;
      const [low, high] = right ? [x, x + width] : [x - width, x];
      const room = Math.min(...line.map(([px, py]) => Math.hypot(Math.max(low - px, px - high, 0), py - y)));
      const told = provinces.get(`${side}:${segment.provinces[k]}`) ?? {
        name: segment.provinces[k],
        spots: /** @type {Spot[]} */ ([]),
        votes: 0,
      };
      told.votes += right ? 1 : -1;
      told.spots.push({ x, y, right, room });
      provinces.set(`${side}:${segment.provinces[k]}`, told);
    });
  });
  /** @type {Label[]} */
  const labels = [];
  /** @type {[number, number, number][]} */
  const taken = [];
  if (view.post >= 0) {
    const [x, y] = postOnMap(run, view, view.post);
    taken.push([x - 90, x + 90, y]);
  }
  for (const { name, spots, votes } of [...provinces.values()].sort(
    (a, b) => b.spots.length - a.spots.length,
  )) {
    const width = pen.measureText(name).width;
    const middle = (spots.length - 1) / 2;
    // Near the middle of the province's line, other things being equal.
    const rank = (/** @type {number} */ n) =>
      Math.min(spots[n].room, away) - Math.abs(n - middle) / spots.length;
    const order = [...spots.keys()].sort((a, b) => rank(b) - rank(a));
    // At a bend the land of a province may be to the other hand than along the rest of its line.
    const clear = order
      .map((n) => spots[n])
      .filter(({ room, right }) => room >= away / 2 && right === votes >= 0);
    for (const { x, y, right } of clear) {
      const left = right ? x : x - width;
      const free = taken.every(([l, r, level]) => left > r || left + width < l || Math.abs(level - y) > 13);
      if (left < 4 || left + width > view.width - 4 || !free) continue;
      taken.push([left, left + width, y]);
      labels.push({ name, x, y, align: right ? "left" : "right" });
      break;
    }
  }
  return labels;
}
