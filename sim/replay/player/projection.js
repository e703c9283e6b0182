// From the line to the canvas of the map.
import { handOf, offsetsOn, onLine } from "./places.js";

/**
 * @typedef {Object} MapView
 * @property {import("./places.js").Camera} camera
 * @property {number} width px
 * @property {number} height px
 * @property {import("./places.js").Stretch} stretch the part that the strip shows
 * @property {number} post the chosen post, -1 if none
 * @property {(attempt: number) => boolean} parted whether an attempt has parted from the other run's
 */

const spot = new Float64Array(4);

/**
 * Canvas place of somewhere on the line, so many px to the left of it.
 * @param {import("./decode.js").Run} run
 * @param {MapView} view
 * @param {number} segment
 * @param {number} share
 * @param {number} offset px
 * @returns {[number, number]}
 */
export function onMap(run, view, segment, share, offset) {
  onLine(run, segment, share, spot);
  const { camera } = view;
  return [
    (spot[0] - camera.x) * camera.scale + view.width / 2 + spot[2] * offset,
    (spot[1] - camera.y) * camera.scale + view.height / 2 + spot[3] * offset,
  ];
}

/**
 * @param {import("./decode.js").Run} run
 * @param {MapView} view
 * @param {number} post
 * @returns {[number, number]}
 */
export function postOnMap(run, view, post) {
  const site = run.meta.posts[post];
  const { posts } = offsetsOn(run, view.camera);
  return onMap(run, view, site.segment, site.share, posts * handOf(run, site.side, site.segment));
}

/**
 * Whether a side is to the right of the line on the canvas, so that labels run away from it.
 * @param {import("./decode.js").Run} run
 * @param {number} side
 * @param {number} segment
 * @param {number} share
 */
export function toTheRight(run, side, segment, share) {
  onLine(run, segment, share, spot);
  return spot[2] * handOf(run, side, segment) > 0;
}
