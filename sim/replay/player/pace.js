// How fast time goes: slower near events, and round and round between two moments.
import { seenBy } from "./knowledge.js";

/** How near an event is, in seconds at full speed. */
const NEAR = 0.4;
/** How much slower it is there. */
const SLOWER = 6;

/**
 * @typedef {Object} Loop a part that is played again and again
 * @property {number|null} from s, null if not chosen
 * @property {number|null} to s
 */

/**
 * Simulated seconds to a second near a time.
 * @param {import("./knowledge.js").Item[]} items what to slow down for
 * @param {number} time s
 * @param {number} speed simulated s to a second, elsewhere
 * @param {boolean} ahead whether what is to come counts too; it must not where nobody can know it
 */
export function paceAt(items, time, speed, ahead) {
  const next = seenBy(items, time);
  const after = next > 0 ? time - items[next - 1].time : Infinity;
  const before = ahead && next < items.length ? items[next].time - time : Infinity;
  return Math.min(after, before) < NEAR * speed ? speed / SLOWER : speed;
}

/**
 * Where time goes on instead, if it has come to the end of a loop.
 * @param {Loop} loop
 * @param {number} time before, s
 * @param {number} target after, s
 * @returns {number} the target itself if it is in no loop, or the loop has not ended
 */
export function looped(loop, time, target) {
  if (loop.from === null || loop.to === null) return target;
  return time <= loop.to && target > loop.to ? loop.from : target;
}

/**
 * Choose an end of a loop; the other end gives way if they would be in the wrong order.
 * @param {Loop} loop
 * @param {"from"|"to"} end
 * @param {number} time s
 * @returns {Loop}
 */
export function marked(loop, end, time) {
  const other = end === "from" ? loop.to : loop.from;
  const inOrder = other === null || (end === "from" ? time < other : time > other);
  const kept = inOrder ? other : null;
  return end === "from" ? { from: time, to: kept } : { from: kept, to: time };
}
